import { describe, expect, test } from '@jest/globals';
import { account, Crowd } from '../../../../support/sync/crowd.ts';

const HOUR_MS = 60 * 60_000;

function names(count: number, start = 'shop-') {
  return Array.from({ length: count }, (_, n) => `${start}${n}.example.org`);
}

describe('calls to RunCloud', () => {
  test('a burst of additions costs one each, and its removal two each and one list', async () => {
    const app = account('7');
    const crowd = new Crowd({ busy: app });
    const added = names(450);
    for (const name of added) await crowd.say('busy', name);
    await crowd.drain(HOUR_MS);
    expect(app.limit.calls).toBeLessThanOrEqual(1.02 * added.length);
    // A write may land for 40 s: later, one list shows every name in one row.
    await crowd.scheduler.run(crowd.scheduler.now() + 60_000);
    const before = app.limit.calls;
    for (const name of added) await crowd.say('busy', name, { wanted: 'absent' });
    await crowd.drain(HOUR_MS);
    expect(app.hosting.rows.size).toBe(0);
    expect(app.limit.calls - before).toBeLessThanOrEqual(2.05 * added.length);
    expect(crowd.queue.deadLetters).toEqual([]);
  });

  test('removals that overtake unfinished additions share one list', async () => {
    const app = account('7', names(400, 'other-'));
    const crowd = new Crowd({ busy: app });
    const added = names(400);
    for (const name of added) await crowd.say('busy', name);
    await crowd.scheduler.run(crowd.scheduler.now() + 120_000);
    const done = app.limit.calls;
    for (const name of added) await crowd.say('busy', name, { wanted: 'absent' });
    await crowd.drain(2 * HOUR_MS);
    expect(app.hosting.rows.size).toBe(400);
    // What was added is read and deleted; the rest is seen to be missing.
    expect(app.limit.calls - done).toBeLessThanOrEqual(2 * (done + 5) + 60);
  });

  test.each([
    ['a www. name', 'www.', {}, 10],
    ['a native name', 'native-', { native: true }, 10],
    ['a removal of a name that is not there', 'gone-', { wanted: 'absent' as const }, 0],
  ])('ten of %s in a row share one list', async (_, start, part, writes) => {
    const app = account('7', names(1_000));
    const crowd = new Crowd({ busy: app });
    for (const name of names(10, start)) await crowd.say('busy', name, part);
    await crowd.drain(HOUR_MS);
    // 25 pages, the first one twice, and the first one of each worker that finds another one listing.
    expect(app.limit.calls).toBeLessThanOrEqual(26 + writes + 4);
  });
});
