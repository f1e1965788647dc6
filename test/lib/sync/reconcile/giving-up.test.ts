import { describe, expect, test } from '@jest/globals';
import { RuncloudRefused, RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import type { HostingCall } from '../../../doubles/hosting.ts';
import { DOMAIN, delays, domainItem, MINUTE, NOW, row } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

function unanswered() {
  return new RuncloudUnavailable('RunCloud failed', {
    method: 'POST',
    path: '/domains',
    status: 503,
    unanswered: true,
  });
}

function failing(op: HostingCall['op']) {
  return async (call: HostingCall): Promise<void> => {
    if (call.op === op) throw unanswered();
  };
}

/** Looks whenever the domain is due, until nothing is. */
async function untilNothingIsDue(world: ReturnType<typeof reconcileWorld>): Promise<number> {
  for (let passes = 0; passes < 40; passes += 1) {
    const { dueAt } = await world.domain();
    if (dueAt === null) return passes;
    await world.time.advance(Math.max(0, dueAt - world.time.now()));
    await world.pass();
  }
  throw new Error('The domain is looked at for ever');
}

test('an add that never gets an answer is given up, although every one had to be watched', async () => {
  const world = reconcileWorld({ onCall: failing('add') });
  await world.putDomain(domainItem());
  await untilNothingIsDue(world);
  const item = await world.domain();
  expect(item).toMatchObject({
    state: 'failed',
    reason: 'runcloud-unavailable',
    waitedMs: delays.givingUpMs,
  });
  expect(world.queue.deadLetters).toHaveLength(1);
  // The last thing asked is whether one of them has landed after all.
  expect(world.ops().at(-1)).toBe('page');
});

test('an add that landed without an answer is found by the pass that would give up', async () => {
  const world = reconcileWorld({ onDone: failing('add') });
  await world.putDomain(domainItem({ waitedMs: delays.givingUpMs, attempts: 12 }));
  await untilNothingIsDue(world);
  expect(await world.domain()).toMatchObject({ state: 'present' });
  expect(world.queue.deadLetters).toEqual([]);
});

test('a removal that never gets an answer is given up too', async () => {
  const world = reconcileWorld({ rows: [row()], onCall: failing('remove') });
  await world.putDomain(domainItem({ wanted: 'absent' }));
  await untilNothingIsDue(world);
  expect(await world.domain()).toMatchObject({ state: 'failed', reason: 'runcloud-unavailable' });
  expect(world.queue.deadLetters).toHaveLength(1);
});

describe('a name whose apex fails too, and requeues it with every failed pass', () => {
  const WWW = `www.${DOMAIN}`;
  /** Its first waits are short, when those of the other have grown. */
  const announcedLater = domainItem({ www: true, dueAt: NOW + 10 * MINUTE, sendAt: NOW + 10 * MINUTE });

  /** Looks at whichever of the two is due first, until the `www.` has failed. */
  const untilGivenUp = async (world: ReturnType<typeof reconcileWorld>): Promise<number> => {
    for (let passes = 0; passes < 200; passes += 1) {
      const [apex, www] = await Promise.all([world.domain(DOMAIN), world.domain(WWW)]);
      if (www.state === 'failed') return world.time.now() - NOW;
      const next = (apex.dueAt ?? 0) < (www.dueAt ?? 0) ? apex : www;
      await world.time.advance(Math.max(0, (next.dueAt ?? 0) - world.time.now()));
      await world.pass(next.domain);
    }
    throw new Error(`${WWW} is never given up`);
  };

  test('is tried as long as any other while RunCloud is away', async () => {
    const world = reconcileWorld({ onCall: () => Promise.reject(unanswered()) });
    await world.putDomain(announcedLater);
    await world.putDomain(domainItem({ domain: WWW }));
    expect(await untilGivenUp(world)).toBeGreaterThanOrEqual(delays.givingUpMs);
  });

  test('is tried as long as any other while RunCloud refuses', async () => {
    const refused = new RuncloudRefused('RunCloud refused', {
      method: 'POST',
      path: '/domains',
      status: 422,
    });
    const world = reconcileWorld({
      onCall: async ({ op }) => {
        if (op === 'add') throw refused;
      },
    });
    await world.putDomain(announcedLater);
    await world.putDomain(domainItem({ domain: WWW }));
    expect(await untilGivenUp(world)).toBeGreaterThanOrEqual(delays.refusedMs);
  });
});
