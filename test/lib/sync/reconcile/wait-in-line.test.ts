import { describe, expect, test } from '@jest/globals';
import { applyUpdate } from '../../../../lib/sync/events/record-update.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey, rateLimitKey } from '../../../../lib/sync/ledger/keys.ts';
import { MOST_RETURNS } from '../../../../lib/sync/network/limits/line.ts';
import { freshRateLimit } from '../../../../lib/sync/network/limits/slots.ts';
import { reconcileDomain } from '../../../../lib/sync/reconcile/reconcile.ts';
import {
  BASE_MS,
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const FINGERPRINT = 'f00dfeedf00dfeed';
const limit = rateLimitKey(FINGERPRINT);
const LINE = { network: NETWORK, calls: 1, endsAt: NOW + HOUR, movedMs: 0 };

/** A domain whose next slot is `awayMs` away. */
async function behind(awayMs: number, item: DomainItem = domainItem()) {
  const world = reconcileWorld();
  await world.put(limit, { ...freshRateLimit, nextFreeAt: NOW + awayMs });
  await world.putDomain(item);
  return world;
}

const back = (delaySeconds: number, returns = 1) => ({
  message: { network: NETWORK, domain: DOMAIN, returns },
  delaySeconds,
});

describe('a pass whose slot is further away than it waits in place', () => {
  test('ends with a place, and sends the message that brings it back then', async () => {
    const world = await behind(40 * SECOND);
    await world.pass();
    expect(world.time.now()).toBe(NOW);
    expect(world.queue.sent).toEqual([back(40)]);
    const at = NOW + 40 * SECOND;
    expect(await world.domain()).toMatchObject({
      place: { fingerprint: FINGERPRINT, at, movedMs: 0 },
      owner: null,
      dueAt: at,
      // The sweep steps in where that message is lost.
      sendAt: at + delays.apiMarginMs,
    });
  });

  test('that is further than a queue delays is left to the sweep', async () => {
    const world = await behind(16 * MINUTE);
    await world.pass();
    expect(world.queue.sent).toEqual([]);
    expect(await world.domain()).toMatchObject({ dueAt: NOW + 16 * MINUTE, sendAt: NOW + 16 * MINUTE });
  });

  test('takes its slot when it comes back, and leaves its place', async () => {
    const world = await behind(40 * SECOND);
    await world.pass();
    await world.time.advance(40 * SECOND);
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'present', place: null, dueAt: null });
    expect((await world.get(limit)).lines).toMatchObject([{ calls: 0 }]);
  });

  test('takes no slot for a domain that is called off meanwhile', async () => {
    const world = await behind(40 * SECOND);
    await world.pass();
    expect(await world.get(limit)).toMatchObject({ nextFreeAt: NOW + 40 * SECOND, calls: null });
  });

  test('keeps the place when a newer update comes, and takes no second one', async () => {
    const world = await behind(40 * SECOND);
    await world.pass();
    const before = await world.get(limit);
    const update = {
      ...domainItem(),
      version: { timestamp: '2026-11-21T05:00:10.000Z', id: 'msg_2' },
      www: true,
    };
    const { write } = applyUpdate(await world.domain(), update, { now: NOW, baseMs: BASE_MS });
    await world.put(domainKey(NETWORK, DOMAIN), write ?? domainItem());
    await world.pass();
    expect(world.queue.sent).toEqual([back(40), back(40)]);
    expect(await world.domain()).toMatchObject({ www: true, place: { at: NOW + 40 * SECOND } });
    expect((await world.get(limit)).lines).toEqual(before.lines);
  });

  test('is sent back a few times in a row, and then left to the sweep', async () => {
    const world = await behind(40 * SECOND);
    const work = { network: NETWORK, domain: DOMAIN };
    await reconcileDomain({ ...work, returns: MOST_RETURNS - 1 }, NOW + 5 * MINUTE, world.services);
    expect(world.queue.sent).toEqual([back(40, MOST_RETURNS)]);
    const again = await behind(40 * SECOND);
    await reconcileDomain({ ...work, returns: MOST_RETURNS }, NOW + 5 * MINUTE, again.services);
    expect(again.queue.sent).toEqual([]);
    expect(await again.domain()).toMatchObject({ sendAt: NOW + 40 * SECOND });
  });
});

describe('a domain that comes back to a line which has moved', () => {
  const place = { fingerprint: FINGERPRINT, at: NOW, movedMs: 0 };

  test('is sent on to its new time without a pass', async () => {
    const item = domainItem({ place });
    const world = await behind(0, item);
    const moved = { ...freshRateLimit, lines: [{ ...LINE, movedMs: 30 * SECOND }] };
    await world.put(limit, moved);
    await world.pass();
    expect(world.queue.sent).toEqual([back(30)]);
    expect(world.reports).toEqual([]);
    expect(await world.domain()).toEqual(item);
    expect(await world.get(limit)).toEqual(moved);
  });

  test('has its new time recorded where the sweep would come first', async () => {
    const world = await behind(0, domainItem({ place }));
    await world.put(limit, { ...freshRateLimit, lines: [{ ...LINE, movedMs: 2 * MINUTE }] });
    await world.pass();
    expect(world.queue.sent).toEqual([back(120)]);
    expect(await world.domain()).toMatchObject({ dueAt: NOW + 2 * MINUTE, place: { movedMs: 2 * MINUTE } });
  });

  test('has its pass where nothing says when it comes up', async () => {
    const world = await behind(0, domainItem({ place }));
    await world.ledger.spoil(limit);
    await world.pass();
    expect(world.queue.sent).toEqual([]);
    // The pass has met the item itself, and comes back later than it would from the line.
    expect(await world.domain()).toMatchObject({ owner: null, sendAt: NOW + delays.resendMs });
  });

  test.each([
    ['whose work is done', settledItem({ place })],
    [
      'that another worker has under its lease',
      domainItem({ place, owner: 'other', leaseUntil: NOW + MINUTE }),
    ],
    ['that is not due yet', domainItem({ place, dueAt: NOW + 10 * SECOND })],
  ])('%s is not sent back', async (_what, item) => {
    const world = await behind(0, item);
    await world.put(limit, { ...freshRateLimit, lines: [{ ...LINE, movedMs: 30 * SECOND }] });
    await world.pass();
    expect(world.queue.sent).toEqual([]);
    expect(await world.domain()).toEqual(item);
  });
});
