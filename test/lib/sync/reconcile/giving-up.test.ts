import { expect, test } from '@jest/globals';
import { RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import type { HostingCall } from '../../../doubles/hosting.ts';
import { domainItem, row, waits } from '../../../support/items.ts';
import { lookWorld } from '../../../support/look-world.ts';

const unanswered = () =>
  new RuncloudUnavailable('RunCloud failed', {
    method: 'POST',
    path: '/domains',
    status: 503,
    unanswered: true,
  });

const failing =
  (op: HostingCall['op']) =>
  async (call: HostingCall): Promise<void> => {
    if (call.op === op) throw unanswered();
  };

/** Looks whenever the domain is due, until nothing is. */
const untilNothingIsDue = async (world: ReturnType<typeof lookWorld>): Promise<number> => {
  for (let looks = 0; looks < 40; looks += 1) {
    const { dueAt } = await world.domain();
    if (dueAt === null) return looks;
    await world.time.advance(Math.max(0, dueAt - world.time.now()));
    await world.look();
  }
  throw new Error('The domain is looked at for ever');
};

test('an add that never gets an answer is given up, although every one had to be watched', async () => {
  const world = lookWorld({ onCall: failing('add') });
  await world.putDomain(domainItem());
  await untilNothingIsDue(world);
  const item = await world.domain();
  expect(item).toMatchObject({ state: 'failed', reason: 'runcloud-unavailable', waitedMs: waits.givingUpMs });
  expect(world.queue.letters).toHaveLength(1);
  // The last thing asked is whether one of them has landed after all.
  expect(world.ops().at(-1)).toBe('list');
});

test('an add that landed without an answer is found by the look that would give up', async () => {
  const world = lookWorld({ onDone: failing('add') });
  await world.putDomain(domainItem({ waitedMs: waits.givingUpMs, attempts: 12 }));
  await untilNothingIsDue(world);
  expect(await world.domain()).toMatchObject({ state: 'present' });
  expect(world.queue.letters).toEqual([]);
});

test('a removal that never gets an answer is given up too', async () => {
  const world = lookWorld({ rows: [row()], onCall: failing('remove') });
  await world.putDomain(domainItem({ wanted: 'absent' }));
  await untilNothingIsDue(world);
  expect(await world.domain()).toMatchObject({ state: 'failed', reason: 'runcloud-unavailable' });
  expect(world.queue.letters).toHaveLength(1);
});
