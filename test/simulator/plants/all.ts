import { certificatePlants } from './certificates.ts';
import { costPlants } from './cost.ts';
import { domainPlants } from './domains.ts';
import { itemPlants } from './items.ts';
import { ledgerPlants } from './ledger.ts';
import { movePlants } from './moves.ts';
import { networkPlants } from './networks.ts';
import { parkingPlants } from './parking.ts';
import type { Plant } from './plant.ts';
import { racePlants } from './races.ts';
import { unreadablePlants } from './unreadable.ts';

export const plants: readonly Plant[] = [
  ...ledgerPlants,
  ...domainPlants,
  ...certificatePlants,
  ...racePlants,
  ...movePlants,
  ...networkPlants,
  ...parkingPlants,
  ...costPlants,
  ...unreadablePlants,
  ...itemPlants,
];
