import { describe, expect, test } from '@jest/globals';
import { heldByOther, isHeld, released, taken } from '../../../../../lib/sync/ledger/items/lease.ts';
import { NOW } from '../../../../support/sync/items.ts';

describe('a lease', () => {
  test('is held until its end, exclusive', () => {
    expect(isHeld(taken('other', NOW + 1), NOW)).toBe(true);
    expect(isHeld(taken('other', NOW), NOW)).toBe(false);
  });

  test('is free without an owner, whatever its end', () => {
    expect(isHeld(released, NOW)).toBe(false);
    expect(isHeld({ owner: null, leaseUntil: NOW + 1 }, NOW)).toBe(false);
  });

  test('keeps others out, and not its own worker', () => {
    expect(heldByOther(taken('other', NOW + 1), 'me', NOW)).toBe(true);
    expect(heldByOther(taken('other', NOW), 'me', NOW)).toBe(false);
    expect(heldByOther(taken('me', NOW + 1), 'me', NOW)).toBe(false);
    expect(heldByOther(released, 'me', NOW)).toBe(false);
  });
});
