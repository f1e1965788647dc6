import shared from '../../jest.config.js';

/** A WordPress network of its own for every file. Needs what install.sh brings, so it is no part of `npm test`. */
export default {
  ...shared,
  rootDir: '../..',
  // The story waits for a page that asks every fifteen seconds; on a busy machine it takes two minutes.
  testTimeout: 300_000,
  testMatch: ['<rootDir>/test/wordpress/**/*.flow.ts'],
};
