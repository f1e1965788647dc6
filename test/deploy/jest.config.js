import shared from '../../jest.config.js';

/** The deploy itself, on an AWS of this machine. It needs Python, and minutes, so it is no part of `npm test`. */
export default {
  ...shared,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/deploy/**/*.deploy.ts'],
};
