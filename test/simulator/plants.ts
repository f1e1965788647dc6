import { certificatePlants } from './certificate-plants.ts';
import { domainPlants } from './domain-plants.ts';
import { ledgerPlants } from './ledger-plants.ts';
import type { Plant } from './plant.ts';

export const plants: readonly Plant[] = [...ledgerPlants, ...domainPlants, ...certificatePlants];
