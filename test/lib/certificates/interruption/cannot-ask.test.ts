import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import { rateLimitKey } from '../../../../lib/sync/ledger/keys.ts';
import { freshRateLimit } from '../../../../lib/sync/network/limits/slots.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { DOMAIN, HOUR, MINUTE, NOW, SECOND } from '../../../support/sync/items.ts';
import { failingOn, get } from './failing-calls.ts';

describe('a pass that cannot ask', () => {
  test('holds its requests until there is a slot, and counts nothing', async () => {
    const world = certificateWorld();
    await world.arrive();
    const nextFreeAt = NOW + 10 * MINUTE;
    world.ledger.put(rateLimitKey('f00dfeedf00dfeed'), { ...freshRateLimit, nextFreeAt });
    await world.live(MINUTE);
    expect(await world.request()).toMatchObject({
      state: 'pending',
      attempts: 0,
      waitedMs: 0,
      lastError: null,
    });
    expect((await world.request()).dueAt).toBeGreaterThanOrEqual(nextFreeAt);
    await world.live(12 * MINUTE);
    expect(await world.request()).toMatchObject({ state: 'valid' });
  });

  test('leaves a good certificate what it is', async () => {
    const { world, interruption } = failingOn(
      'address',
      () => new RuncloudUnavailable('Failed', { ...get, status: 502 }),
    );
    interruption.error = undefined;
    world.serve([DOMAIN]);
    await world.arrive();
    await world.live(MINUTE);
    interruption.error = () => new RuncloudUnavailable('Failed', { ...get, status: 502 });
    await world.live(4 * 24 * HOUR);
    expect(await world.request()).toMatchObject({
      state: 'valid',
      lastError: { code: 'runcloud-unavailable' },
    });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('gives a first certificate up after 15 hours, with one dead letter', async () => {
    const { world } = failingOn('address', () => new RuncloudUnavailable('Failed', { ...get, status: 502 }));
    await world.arrive();
    await world.live(14 * HOUR);
    expect(world.queue.deadLetters).toEqual([]);
    await world.live(3 * 24 * HOUR);
    expect(world.queue.deadLetters).toMatchObject([
      { code: 'runcloud-unavailable', message: { domain: DOMAIN } },
    ]);
  });

  test('because RunCloud states no address of the server says what to set', async () => {
    const world = certificateWorld();
    world.runcloud.serverAddress = async () => undefined;
    await world.arrive();
    await world.live(25 * SECOND);
    expect((await world.request()).lastError?.message).toContain('SERVER_ADDRESSES');
  });

  test.each(['ledger', 'queue', 'secrets'] as const)(
    'since the %s is away gives its leases back, counts no crash and throws nothing',
    async (what) => {
      const world = certificateWorld();
      await world.arrive();
      await world.time.advance(20 * SECOND);
      const dnsGate = async () => {
        throw new Unavailable(what);
      };
      await world.pass({}, { others: { dnsGate } });
      expect(await world.request()).toMatchObject({
        owner: null,
        leaseUntil: null,
        crashes: 0,
        state: 'pending',
      });
      expect(await world.work()).toMatchObject({ owner: null });
      await world.live(7 * MINUTE);
      expect(await world.request()).toMatchObject({ state: 'valid' });
    },
  );
});

test('a pass does nothing for a network without a request', async () => {
  const world = certificateWorld();
  await world.pass();
  expect(world.accesses).toEqual([]);
  expect(world.ledger.all('certificate')).toEqual([]);
});
