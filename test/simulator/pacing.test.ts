import { describe, expect, test } from '@jest/globals';
import { account, Crowd } from '../support/sync/crowd.ts';
import { START } from './world/world.ts';

const MINUTE_MS = 60_000;

describe('pacing', () => {
  test('1,000 adds at once take the time that 60 calls a minute need, and hardly a call is turned away', async () => {
    const busy = account('7');
    const crowd = new Crowd({ busy });
    for (let i = 0; i < 1_000; i++) await crowd.say('busy', `shop-${i}.example.org`);
    const idealMs = (1_000 / 60) * MINUTE_MS;
    await crowd.scheduler.run(START + 1.1 * idealMs);
    expect(crowd.open()).toBe(0);
    expect(busy.hosting.rows.size).toBe(1_000);
    expect(busy.limit.limited / busy.limit.calls).toBeLessThanOrEqual(0.02);
    expect(crowd.queue.deadLetters).toEqual([]);
    expect(crowd.billed.longestWaitMs).toBeLessThanOrEqual(2_000);
  });

  test('networks that share a credential share its limit', async () => {
    const first = account('7');
    const second = {
      ...account('8'),
      limit: first.limit,
      credentialFingerprint: first.credentialFingerprint,
    };
    const crowd = new Crowd({ first, second });
    for (let i = 0; i < 100; i++) {
      await crowd.say('first', `one-${i}.example.org`);
      await crowd.say('second', `two-${i}.example.org`);
    }
    await crowd.scheduler.run(START + 1.1 * (200 / 60) * MINUTE_MS);
    expect(crowd.open()).toBe(0);
    expect(first.limit.limited / first.limit.calls).toBeLessThanOrEqual(0.02);
  });

  test('a network with a thousand domains delays a quiet one by seconds only', async () => {
    const crowd = new Crowd({ busy: account('7'), quiet: account('8') });
    for (let i = 0; i < 1_000; i++) await crowd.say('busy', `shop-${i}.example.org`);
    await crowd.scheduler.run(START + 3 * MINUTE_MS);
    const saidAt = crowd.scheduler.now();
    await crowd.say('quiet', 'boutique.example.net');
    await crowd.scheduler.run(saidAt + MINUTE_MS);
    const present = await crowd.presentSince('quiet', 'boutique.example.net');
    expect((present ?? Number.POSITIVE_INFINITY) - saidAt).toBeLessThan(20_000);
  });
});
