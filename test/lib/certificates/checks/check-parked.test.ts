import { describe, expect, test } from '@jest/globals';
import { RuncloudUnavailable } from '../../../../lib/runcloud/errors.ts';
import type { ParkingReason } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { CertificateOrigin, SslMode } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { certificateWorld, elsewhere } from '../../../support/certificates/certificate-world.ts';
import { DAY, DOMAIN, NOW, SECOND } from '../../../support/sync/items.ts';

const UNSUPPORTED = 'ab--cd.example.com';

/** A parked name whose DNS leads elsewhere, and its check. */
async function parkedWorld(
  options: Parameters<typeof certificateWorld>[0] = {},
  { name = DOMAIN, reason = 'dns-none' }: { name?: string; reason?: ParkingReason } = {},
) {
  const world = certificateWorld(options);
  await world.arrive(name);
  world.hosting.rows.clear();
  await world.putDomain({
    domain: name,
    state: 'parked',
    reason,
    parking: { reason, at: NOW - DAY },
    runcloudId: null,
    wwwServed: null,
  });
  world.dns.set(name, elsewhere(name));
  const check = async () => {
    await world.time.advance(20 * SECOND);
    await world.pass();
    const domain = await world.domain(name);
    if (domain === undefined) throw new Error('The domain is gone');
    return { domain, request: await world.request(name) };
  };
  return { world, check };
}

describe('a parked name', () => {
  test('that leads elsewhere stays parked, for the newest reason', async () => {
    const { check, world } = await parkedWorld();
    const { domain, request } = await check();
    expect(domain).toMatchObject({ state: 'parked', reason: 'dns-mismatch', parking: { at: NOW - DAY } });
    expect(request).toMatchObject({ state: 'waiting-dns', reason: 'dns-mismatch', pointedHereAt: null });
    expect(world.orders).toEqual([]);
  });

  test('that leads here goes back into the web application', async () => {
    const { check, world } = await parkedWorld();
    world.dns.delete(DOMAIN);
    const { domain, request } = await check();
    expect(domain).toMatchObject({ state: 'pending', parking: null, dueAt: NOW + 20 * SECOND });
    expect(request).toMatchObject({ state: 'pending', reason: null, pointedHereAt: expect.any(Number) });
    expect(request.dueAt).toBeGreaterThan(NOW + 20 * SECOND);
  });

  test('that the multisite says is ready goes back, whatever its DNS shows', async () => {
    const { check, world } = await parkedWorld();
    await world.retry('dns_ready');
    const { domain, request } = await check();
    expect(domain).toMatchObject({ state: 'pending', parking: null });
    expect(request).toMatchObject({ state: 'waiting-dns' });
  });

  test('goes back once the network has names parked no more', async () => {
    const { check, world } = await parkedWorld({ access: () => ({ parkUnreadyNames: false }) });
    expect((await check()).domain).toMatchObject({ state: 'pending', parking: null });
    expect(world.calls.filter(({ op }) => op === 'mode')).toEqual([]);
  });

  test.each<[SslMode, string]>([
    ['basic', 'parked'],
    ['unknown', 'parked'],
    ['advanced', 'pending'],
    ['autossl', 'pending'],
  ])(
    'of an application in mode %s is %s: only one certificate for all has to cover it',
    async (mode, state) => {
      const { check } = await parkedWorld({ mode });
      expect((await check()).domain.state).toBe(state);
    },
  );

  test('stays parked while RunCloud cannot be asked for its mode', async () => {
    const { check } = await parkedWorld({
      onCall: async ({ op }) => {
        if (op === 'mode')
          throw new RuncloudUnavailable('Failed', { method: 'GET', path: '/ssl', status: 502 });
      },
    });
    const { domain, request } = await check();
    expect(domain).toMatchObject({ state: 'parked' });
    expect(request).toMatchObject({ state: 'waiting-dns', owner: null });
  });
});

describe('a parked name that no order can cover', () => {
  test.each<[CertificateOrigin | 'none', string]>([
    ['none', 'parked'],
    ['http-01', 'parked'],
    ['uploaded', 'pending'],
    ['dns-01', 'pending'],
  ])('is, beside an installed certificate of origin %s, %s', async (origin, state) => {
    const { check, world } = await parkedWorld({}, { name: UNSUPPORTED, reason: 'name-unsupported' });
    if (origin !== 'none') {
      world.runcloud.installed.set(undefined, 100);
      world.runcloud.origins.set(undefined, origin);
    }
    const { domain, request } = await check();
    expect(domain.state).toBe(state);
    expect(request).toMatchObject({ state: 'failed', reason: 'name-unsupported' });
    expect(world.gateQuestions).toEqual([]);
  });

  test('goes back in a mode in which every domain has a certificate of its own', async () => {
    const { check } = await parkedWorld(
      { mode: 'advanced' },
      { name: UNSUPPORTED, reason: 'name-unsupported' },
    );
    expect((await check()).domain).toMatchObject({ state: 'pending', parking: null });
  });
});
