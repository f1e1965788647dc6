import { certificatePlants } from './certificate-plants.ts';
import { domainPlants } from './domain-plants.ts';
import { ledgerPlants } from './ledger-plants.ts';
import type { Plant } from './plant.ts';
import { racePlants } from './race-plants.ts';

export const plants: readonly Plant[] = [
  ...ledgerPlants,
  ...domainPlants,
  ...certificatePlants,
  ...racePlants,
];
