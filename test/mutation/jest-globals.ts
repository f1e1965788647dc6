/** What tests get from '@jest/globals' while mutating: jest's own functions, outside of jest. */
export { expect } from 'expect';
export { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'jest-circus';
