import shared from '../../jest.config.js';

/** A WordPress network of its own for every file. Needs what install.sh brings, so it is no part of `npm test`. */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/wordpress/**/*.flow.ts'],
};
