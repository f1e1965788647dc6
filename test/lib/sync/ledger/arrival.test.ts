import { describe, expect, test } from '@jest/globals';
import { type RecordedVersion, recordedVersion, standingOf } from '../../../../lib/sync/ledger/arrival.ts';
import { fc } from '../../../support/property.ts';

const at = '2026-11-21T05:00:00.000Z';

function version(id: string, timestamp = at) {
  return { timestamp, id };
}

/** What is recorded after these updates have arrived in this order, and what each of them was. */
function arrived(...updates: ReturnType<typeof version>[]) {
  let recorded: RecordedVersion | undefined;
  const standings = updates.map((update) => {
    const standing = recorded === undefined ? 'newer' : standingOf(update, recorded);
    if (standing === 'newer') recorded = recordedVersion(update, recorded);
    return standing;
  });
  return { recorded, standings };
}

describe('of two updates', () => {
  test('the one with the later timestamp counts, whatever their ids and whenever they arrive', () => {
    const [early, late] = [
      version('z', '2026-11-21T05:00:00.123Z'),
      version('a', '2026-11-21T05:00:00.124Z'),
    ];
    expect(arrived(early, late)).toEqual({ recorded: late, standings: ['newer', 'newer'] });
    expect(arrived(late, early)).toEqual({ recorded: late, standings: ['newer', 'superseded'] });
  });

  test.each([
    ['msg_a', 'msg_b'],
    ['msg_b', 'msg_a'],
  ])('with one timestamp the later arrival counts: %s, then %s', (first, second) => {
    const { recorded, standings } = arrived(version(first), version(second));
    expect(recorded?.id).toBe(second);
    expect(standings).toEqual(['newer', 'newer']);
  });

  test('with one timestamp and one id they are the same', () => {
    expect(arrived(version('msg_1'), version('msg_1')).standings).toEqual(['newer', 'duplicate']);
  });
});

describe('an id that comes again', () => {
  test('after another one with its timestamp stays superseded', () => {
    const { recorded, standings } = arrived(version('a'), version('b'), version('a'), version('b'));
    expect(standings).toEqual(['newer', 'newer', 'superseded', 'duplicate']);
    expect(recorded?.id).toBe('b');
  });

  test('after several others with its timestamp stays superseded', () => {
    expect(arrived(...['a', 'b', 'c', 'a', 'b', 'c'].map((id) => version(id))).standings).toEqual([
      'newer',
      'newer',
      'newer',
      'superseded',
      'superseded',
      'duplicate',
    ]);
  });

  test('under a later timestamp is another update', () => {
    const later = version('a', '2026-11-21T05:00:01.000Z');
    const { recorded, standings } = arrived(version('a'), version('b'), later);
    expect(standings.at(-1)).toBe('newer');
    expect(recorded).toEqual(later);
  });
});

test('of the ids with one timestamp fifty are kept, so that an item cannot outgrow the table', () => {
  const { recorded } = arrived(...Array.from({ length: 60 }, (_, i) => version(`msg_${i}`)));
  expect(recorded?.earlierIds).toEqual(Array.from({ length: 50 }, (_, i) => `msg_${i + 9}`));
});

test('whatever is repeated, the update counts that was the last with the latest timestamp to arrive first', () => {
  const updates = fc.array(
    fc.record({
      timestamp: fc.constantFrom('2026-11-21T05:00:00.000Z', '2026-11-21T05:00:01.000Z'),
      id: fc.constantFrom('a', 'b', 'c', 'd'),
    }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(updates, (said) => {
      const latest = said.reduce((a, b) => (b.timestamp > a.timestamp ? b : a)).timestamp;
      const arrivals = new Set(said.filter(({ timestamp }) => timestamp === latest).map(({ id }) => id));
      expect(arrived(...said).recorded).toMatchObject({ timestamp: latest, id: [...arrivals].at(-1) });
    }),
  );
});
