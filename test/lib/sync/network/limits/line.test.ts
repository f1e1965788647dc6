import { describe, expect, test } from '@jest/globals';
import type { Place } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { RateLimitItem } from '../../../../../lib/sync/ledger/items/shared-items.ts';
import { MOST_RETURNS, placeAt, takeTurn, timeOf } from '../../../../../lib/sync/network/limits/line.ts';
import { freshRateLimit } from '../../../../../lib/sync/network/limits/slots.ts';
import { MINUTE, NOW, SECOND } from '../../../../support/sync/items.ts';

const FINGERPRINT = 'f00dfeedf00dfeed';
/** With 60 calls a minute: a slot and what calls at the end of a minute take more. */
const PLACE = 1_042;
const WAITING = 20;

interface Asked {
  readonly now?: number;
  readonly network?: string;
  readonly place?: Place | null;
  readonly returns?: number;
  readonly calls?: number;
}

/** A credential, and the passes that ask it for a turn one after the other. */
function credential(part: Partial<RateLimitItem> = {}) {
  let item: RateLimitItem = { ...freshRateLimit, nextFreeAt: NOW, ...part };
  return {
    item: () => item,
    line: (of = 'busy') => item.lines.find(({ network }) => network === of),
    ask: ({ now = NOW, network = 'busy', place = null, returns = 0, calls = 1 }: Asked = {}) => {
      const standing = { network, fingerprint: FINGERPRINT, place, returns };
      const { write, result } = takeTurn(standing, now, calls)(item);
      item = write ?? item;
      return result;
    },
    push: (nextFreeAt: number) => {
      item = { ...item, nextFreeAt };
    },
  };
}

function placeOf(turn: ReturnType<ReturnType<typeof credential>['ask']>): Place {
  if (turn.kind !== 'placed') throw new Error('It has got a slot');
  return turn.place;
}

describe('a pass that has made no call', () => {
  test('takes a slot within two seconds, and no other', () => {
    const { ask } = credential();
    expect([0, 1, 2].map(() => ask())).toMatchObject([0, 1, 2].map((n) => ({ at: NOW + n * SECOND })));
    expect(ask()).toMatchObject({
      kind: 'placed',
      place: { at: NOW + 3 * SECOND, fingerprint: FINGERPRINT },
    });
  });

  test('gets a place behind those that wait, and takes no slot for it', () => {
    const { ask, item, line } = credential({ nextFreeAt: NOW + MINUTE });
    const times = [0, 1, 2].map(() => placeOf(ask()).at);
    expect(times).toEqual([0, 1, 2].map((n) => NOW + MINUTE + n * PLACE));
    expect(item()).toMatchObject({ nextFreeAt: NOW + MINUTE, calls: null });
    expect(line()).toMatchObject({ calls: 3, movedMs: 0 });
  });

  test('leaves room for all calls that it plans', () => {
    const { ask } = credential({ nextFreeAt: NOW + MINUTE });
    ask({ calls: 2 });
    expect(placeOf(ask()).at).toBe(NOW + MINUTE + 2 * PLACE);
  });

  test('does not go before those that wait, but takes a slot that none of them has come for', () => {
    const { ask } = credential({ nextFreeAt: NOW + MINUTE });
    for (let n = 0; n < 10; n += 1) ask();
    const later = NOW + MINUTE;
    expect(ask({ now: later })).toMatchObject({ kind: 'taken', at: later });
    expect(ask({ now: later })).toMatchObject({ kind: 'placed', place: { at: NOW + MINUTE + 10 * PLACE } });
  });

  test('of a network beside a long line takes turns with it', () => {
    const { ask } = credential({ nextFreeAt: NOW + MINUTE });
    for (let n = 0; n < 10; n += 1) ask();
    const quiet = [0, 1, 2].map(() => placeOf(ask({ network: 'quiet' })).at);
    expect(quiet).toEqual([0, 1, 2].map((n) => NOW + MINUTE + n * 2 * PLACE));
  });
});

describe('a pass that comes back to its place', () => {
  const waiting = () => {
    const world = credential({ nextFreeAt: NOW + MINUTE });
    const places = Array.from({ length: WAITING }, () => placeOf(world.ask()));
    const [place] = places;
    if (place === undefined) throw new Error('There is no place');
    return { ...world, place, places };
  };

  test('takes a slot and leaves the line', () => {
    const { ask, line, place } = waiting();
    expect(ask({ now: place.at, place })).toMatchObject({ kind: 'taken', at: place.at });
    expect(line()?.calls).toBe(WAITING - 1);
  });

  test('too early keeps its place, and nothing is written', () => {
    const { ask, item, place } = waiting();
    const before = item();
    expect(ask({ now: place.at - 3 * SECOND, place })).toEqual({ kind: 'placed', place });
    expect(item()).toBe(before);
  });

  test('moves the whole line back where slots come later than expected', () => {
    const { ask, push, item, line, place, places } = waiting();
    push(place.at + 30 * SECOND);
    const moved = placeOf(ask({ now: place.at, place }));
    expect(moved).toMatchObject({ at: place.at + 30 * SECOND, movedMs: 30 * SECOND });
    expect(places.map((one) => timeOf(one, item(), 'busy') - one.at)).toEqual(
      Array(WAITING).fill(30 * SECOND),
    );
    expect(line()?.calls).toBe(WAITING);
    // Those behind it find that out, and move nothing.
    const before = item();
    expect(placeOf(ask({ now: place.at + PLACE, place: places[1] ?? null })).at).toBe(
      NOW + MINUTE + PLACE + 30 * SECOND,
    );
    expect(item()).toBe(before);
  });

  test('goes to the end where it is late, or has come back many times, and finds no slot', () => {
    for (const asked of [{ lateMs: 10 * SECOND }, { lateMs: 0, returns: MOST_RETURNS }]) {
      const { ask, push, line, place } = waiting();
      const now = place.at + asked.lateMs;
      push(now + 3 * SECOND);
      const { at } = placeOf(ask({ now, place, returns: asked.returns ?? 0 }));
      expect(at).toBe(NOW + MINUTE + WAITING * PLACE);
      expect(line()).toMatchObject({ calls: WAITING, movedMs: 0 });
    }
  });

  test('late takes a slot that is near all the same', () => {
    const { ask, place } = waiting();
    const now = place.at + 5 * MINUTE;
    expect(ask({ now, place })).toMatchObject({ kind: 'taken', at: now });
  });
});

describe('a line', () => {
  test('is forgotten at its end, and a place in it is over', () => {
    const { ask, line, item } = credential({ nextFreeAt: NOW + MINUTE });
    const place = placeOf(ask());
    const now = NOW + 2 * MINUTE;
    expect(ask({ now })).toMatchObject({ kind: 'taken' });
    expect(line()?.endsAt ?? now).toBeLessThanOrEqual(now);
    expect(timeOf({ ...place, movedMs: MINUTE }, item(), 'busy')).toBe(place.at);
  });

  test('that is over is as long as who comes back to it, a little late', () => {
    const { ask, push, item } = credential({ nextFreeAt: NOW + MINUTE });
    const places = [0, 1, 2].map(() => placeOf(ask()));
    const now = NOW + MINUTE + 4 * SECOND;
    push(now + 15 * MINUTE);
    const again = places.map((place) => placeOf(ask({ now, place })).at);
    expect(Math.max(...again)).toBeLessThan(now + 15 * MINUTE + 3 * PLACE);
    expect(item().nextFreeAt).toBe(now + 15 * MINUTE);
    const next = placeOf(ask({ now: now + SECOND })).at;
    expect(next).toBeLessThan(now + 15 * MINUTE + 10 * SECOND);
  });

  test('that is over keeps nobody from the next slot who comes back to it too late', () => {
    const { ask, push } = credential({ nextFreeAt: NOW + MINUTE, limitPerMinute: 1 });
    const place = placeOf(ask({ calls: 2 }));
    const now = place.at + 5 * MINUTE;
    push(now + MINUTE);
    expect(placeOf(ask({ now, place, calls: 2 })).at).toBe(now + MINUTE);
  });

  test('lets work that has begun go on at its own time', () => {
    const { ask, push, item } = credential({ nextFreeAt: NOW + MINUTE });
    const place = placeOf(ask());
    push(place.at + 30 * SECOND);
    ask({ now: place.at, place });
    const at = placeAt(item(), { network: 'busy', fingerprint: FINGERPRINT }, NOW + 5 * SECOND);
    expect(timeOf(at, item(), 'busy')).toBe(NOW + 5 * SECOND);
  });
});
