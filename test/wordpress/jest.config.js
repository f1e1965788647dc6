import { availableParallelism } from 'node:os';
import shared from '../../jest.config.js';

/** A WordPress network of its own for every file. Needs what install.sh brings, so it is no part of `npm test`. */
export default {
  ...shared,
  rootDir: '../..',
  // Each file has PHP, a browser and a database beside it.
  maxWorkers: Math.max(2, availableParallelism() - 1),
  testMatch: ['<rootDir>/test/wordpress/**/*.flow.ts'],
};
