import { isDeepStrictEqual } from 'node:util';

/** Of one realm: jest runs tests in a realm of their own, and what was cloned structurally is of another. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify([value]));
}

/** Whether two values hold the same, in whatever order. */
export function same(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(plain(a), plain(b));
}
