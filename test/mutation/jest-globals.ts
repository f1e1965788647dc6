/** What tests get from '@jest/globals' while mutating: jest's own words, outside of jest. */
export { expect } from 'expect';
export { describe, test } from 'jest-circus';
