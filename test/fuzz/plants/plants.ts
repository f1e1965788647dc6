import { blindPlants } from './blind-plants.ts';
import { forgetfulPlants } from './forgetful-plants.ts';
import type { Plant } from './plant.ts';

export const plants: readonly Plant[] = [...blindPlants, ...forgetfulPlants];
