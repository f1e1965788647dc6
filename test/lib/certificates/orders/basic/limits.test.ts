import { describe, expect, test } from '@jest/globals';
import { RuncloudNotFound, RuncloudRefused } from '../../../../../lib/runcloud/errors.ts';
import { certificateKey } from '../../../../../lib/sync/ledger/keys.ts';
import { toView } from '../../../../../lib/sync/status/view.ts';
import { certificateWorld, elsewhere } from '../../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, HOUR, MINUTE, NETWORK, SECOND, settledItem } from '../../../../support/sync/items.ts';
import { shopNames } from './shop-names.ts';

function refused() {
  return new RuncloudRefused('RunCloud refused', { method: 'POST', path: '/ssl', status: 422, said: 'No.' });
}

describe('an attached name that does not pass the gate', () => {
  const unready = 'left.example';
  const withBadName = async () => {
    const world = certificateWorld();
    await world.hosting.add({ name: unready, www: false });
    world.dns.set(unready, elsewhere(unready));
    await world.arrive();
    return world;
  };

  test('holds the order for an hour and no longer, and the status names it', async () => {
    const world = await withBadName();
    await world.live(59 * MINUTE);
    expect(world.orders).toEqual([]);
    const { certificate } = toView(settledItem(), await world.request());
    expect(certificate).toMatchObject({ state: 'pending', reason: 'held-by-name' });
    expect(certificate.fix).toContain(`Point an A record for ${unready}`);
    await world.live(2 * MINUTE);
    expect(world.orders).toHaveLength(1);
  });

  test('lets one order through a day while it stays bad', async () => {
    const world = await withBadName();
    world.state.landsAfterMs = null;
    await world.live(3 * DAY);
    expect(world.orders.length).toBeGreaterThanOrEqual(3);
    expect(world.orders.length).toBeLessThanOrEqual(4);
    for (const [index, { at }] of world.orders.entries()) {
      const before = world.orders[index - 1];
      if (before !== undefined) expect(at - before.at).toBeGreaterThanOrEqual(DAY);
    }
  });

  test('another bad name has an hour of its own, not the day of the first', async () => {
    const world = await withBadName();
    await world.live(65 * MINUTE);
    expect(world.orders).toHaveLength(1);
    world.dns.delete(unready);
    await world.hosting.add({ name: 'second.example', www: false });
    world.dns.set('second.example', elsewhere('second.example'));
    await world.arrive('new.example');
    await world.live(65 * MINUTE);
    expect(world.orders).toHaveLength(2);
  });

  test('that is fixed is seen within ten minutes', async () => {
    const world = await withBadName();
    await world.live(12 * MINUTE);
    world.dns.delete(unready);
    await world.live(11 * MINUTE);
    expect(world.orders).toHaveLength(1);
    expect(await world.request()).toMatchObject({ state: 'valid', fix: null });
  });

  test('and is the www. of a domain of ours makes that domain due, which serves it no more', async () => {
    const world = certificateWorld();
    await world.arrive('www-less.example', { wwwServed: true });
    world.serve(['www-less.example', 'www.www-less.example']);
    await world.live(MINUTE);
    world.dns.set('www.www-less.example', elsewhere('www.www-less.example'));
    await world.arrive();
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({ reason: 'held-by-name' });
    expect((await world.domain('www-less.example'))?.dueAt).not.toBeNull();
  });
});

describe('limits', () => {
  test.each([
    { shops: 100, www: false, ordered: 1 },
    { shops: 101, www: false, ordered: 0 },
    { shops: 51, www: true, ordered: 0 },
  ])('$shops domains with www $www: $ordered order, over 100 names the way out', async (one) => {
    const world = certificateWorld();
    for (const name of shopNames(one.shops - 1)) await world.hosting.add({ name, www: one.www });
    await world.arrive(DOMAIN, { wwwServed: one.www });
    await world.live(MINUTE);
    expect(world.orders).toHaveLength(one.ordered);
    if (one.ordered === 1) return;
    const item = await world.request();
    const names = one.www ? 102 : 101;
    expect(item).toMatchObject({
      state: 'failed',
      reason: 'name-limit',
      lastError: { code: 'runcloud-refused', message: `${names} names do not fit into one certificate` },
    });
    expect(item.fix).toContain('advanced SSL');
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('a name limit that is gone is a new try, with a dead letter of its own should that fail too', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    for (const name of shopNames(100)) await world.hosting.add({ name, www: false });
    await world.arrive();
    await world.live(2 * DAY);
    expect(world.queue.deadLetters).toHaveLength(1);
    world.hosting.rows.delete(1);
    await world.live(4 * DAY);
    expect(world.orders.length).toBeGreaterThan(0);
    expect(world.queue.deadLetters).toHaveLength(2);
    expect(new Set(world.queue.deadLetters.map(({ id }) => id)).size).toBe(2);
  });

  test('what RunCloud refuses for an hour leaves one of the week’s four orders for later', async () => {
    let refusing = true;
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (op === 'install' && refusing) throw refused();
      },
    });
    await world.arrive();
    await world.live(HOUR);
    refusing = false;
    expect(world.calls.filter(({ op }) => op === 'install')).toHaveLength(3);
    const item = await world.request();
    expect(item).toMatchObject({ state: 'pending', reason: 'order-budget' });
    expect(item.fix).toContain(
      `Most likely at fault are the names that were added last and never had a certificate: first ${DOMAIN}`,
    );
    await world.live(4 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('the orders that have failed for all names explain why each of them waits', async () => {
    let calls = 0;
    const world = certificateWorld({
      onCall: async ({ op }) => {
        if (op !== 'install') return;
        // The first one fails for what passes.
        throw calls++ === 0
          ? new RuncloudNotFound('RunCloud finds nothing', { method: 'POST', path: '/ssl', status: 404 })
          : refused();
      },
    });
    await world.arrive();
    await world.live(30 * SECOND);
    // Its own next try is far away, while other names have theirs.
    const own = await world.request();
    expect(own).toMatchObject({ lastError: { code: 'runcloud-not-found' } });
    const dueAt = world.clock.now() + 30 * MINUTE;
    world.ledger.put(certificateKey(NETWORK, DOMAIN), { ...own, dueAt, sendAt: dueAt });
    for (let n = 0; n < 3; n += 1) {
      await world.arrive(`shop-${n}.example`);
      await world.live(MINUTE);
    }
    expect(calls).toBeGreaterThanOrEqual(4);
    await world.live(31 * MINUTE);
    expect(await world.request()).toMatchObject({
      reason: 'order-budget',
      lastError: { code: 'runcloud-refused' },
    });
  });

  test('four orders of one set that come to nothing are all of a week, however often the owner asks', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    await world.arrive();
    for (let hour = 0; hour < 3 * 24; hour += 1) {
      await world.retry();
      await world.pass();
      await world.live(HOUR);
    }
    expect(world.orders).toHaveLength(4);
    expect(await world.request()).toMatchObject({ reason: 'order-budget' });
    await world.live(5 * DAY);
    expect(world.orders.length).toBeGreaterThan(4);
  });

  test('an application whose orders all fail is given up after 15 hours, not after weeks of budgets', async () => {
    const world = certificateWorld({ landsAfterMs: null });
    await world.arrive();
    await world.live(24 * HOUR);
    expect(await world.request()).toMatchObject({ state: 'failed', reason: 'order-failed' });
    expect(world.queue.deadLetters).toHaveLength(1);
    await world.live(6 * DAY);
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('40 orders a week are spaced out after the twentieth, and the status says when the next is', async () => {
    const world = certificateWorld();
    let added = 0;
    const budgetSeen: string[] = [];
    for (; world.clock.now() < Date.parse('2026-11-28T00:00:00Z'); added += 1) {
      const name = `shop-${added % 45}.example`;
      if (added >= 45) await world.hosting.remove(world.hosting.rows.keys().next().value ?? 0);
      world.served.clear();
      await world.arrive(name).catch(() => undefined);
      await world.live(HOUR);
      const item = await world.request(name);
      if (item.reason === 'order-budget') budgetSeen.push(new Date(item.dueAt ?? 0).toISOString());
    }
    expect(added).toBeGreaterThan(150);
    expect(world.orders.length).toBeLessThanOrEqual(40);
    expect(world.orders.length).toBeGreaterThan(30);
    expect(budgetSeen.length).toBeGreaterThan(0);
  });
});

test('a request that was closed keeps the limits of its application', async () => {
  const world = certificateWorld({ landsAfterMs: null });
  await world.arrive();
  await world.live(HOUR);
  const before = world.orders.length;
  const domain = await world.domain();
  world.ledger.put(
    { kind: 'domain', network: NETWORK, item: `domain#${DOMAIN}` },
    { ...settledItem(domain), wanted: 'absent', state: 'absent' },
  );
  await world.live(HOUR);
  expect(await world.request()).toMatchObject({ wanted: false, state: 'none', dueAt: null, notAfter: null });
  world.hosting.rows.clear();
  await world.arrive();
  await world.live(12 * HOUR);
  expect(world.orders).toHaveLength(4);
  expect(before).toBeLessThan(4);
});
