import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareVersions } from '../../../../lib/sync/ledger/desired-state.ts';

function version(timestamp: string, id: string) {
  return { timestamp, id };
}

const versions = fc.record({
  timestamp: fc
    .date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  id: fc.stringMatching(/^[A-Za-z0-9_.-]{1,8}$/),
});

describe('of two updates', () => {
  test('the later one is newer, whatever their ids', () => {
    const early = version('2026-11-21T05:00:00.123Z', 'z');
    const late = version('2026-11-21T05:00:00.124Z', 'a');
    expect(compareVersions(late, early)).toBe(1);
    expect(compareVersions(early, late)).toBe(-1);
  });

  test('said at the same moment the one with the greater id by its bytes is newer', () => {
    const at = '2026-11-21T05:00:00.123Z';
    expect(compareVersions(version(at, 'a'), version(at, 'Z'))).toBe(1);
    expect(compareVersions(version(at, 'msg_10'), version(at, 'msg_9'))).toBe(-1);
    expect(compareVersions(version(at, 'msg'), version(at, 'msg_1'))).toBe(-1);
  });

  test('with the same moment and id they are one and the same', () => {
    const at = '2026-11-21T05:00:00.123Z';
    expect(compareVersions(version(at, 'msg_1'), version(at, 'msg_1'))).toBe(0);
  });
});

test('every copy of a set of updates agrees on the newest one, in whatever order they arrive', () => {
  fc.assert(
    fc.property(fc.array(versions, { minLength: 2, maxLength: 6 }), (said) => {
      const newest = (all: typeof said) => all.reduce((a, b) => (compareVersions(a, b) >= 0 ? a : b));
      expect(newest(said)).toEqual(newest(said.toReversed()));
    }),
  );
});

test('ids are compared as their bytes are', () => {
  fc.assert(
    fc.property(versions, versions, (a, b) => {
      const order = compareVersions({ ...a, timestamp: b.timestamp }, b);
      expect(order).toBe(Math.sign(Buffer.compare(Buffer.from(a.id), Buffer.from(b.id))));
    }),
  );
});
