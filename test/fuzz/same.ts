import { isDeepStrictEqual } from 'node:util';

/** Of one realm: jest runs tests in a realm of their own, and what was cloned structurally is of another. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify([value]));

/** Whether two values hold the same, in whatever order. */
export const same = (a: unknown, b: unknown): boolean => isDeepStrictEqual(plain(a), plain(b));
