import { describe, expect, test } from '@jest/globals';
import { claimKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { nowMs } from '../../support/api/api-world.ts';
import { putDomain, putNetwork } from '../../support/api/read-world.ts';
import { app } from '../../support/runcloud/runcloud.ts';
import { APP, DAY, HOUR, networkItem, OTHER_APP, settledItem } from '../../support/sync/items.ts';

import { allOk, brokenAt, report, reportIn, runcloud, startsRuncloud, worldOf } from './report.ts';

startsRuncloud();

describe('a warning', () => {
  const warned = async (name: string, ...parts: Parameters<typeof report>) => {
    const { ok, states, check } = await report(...parts);
    expect(ok).toBe(true);
    expect(states).toContain(`${name} warning`);
    return `${check(name)?.detail} / ${check(name)?.fix}`;
  };

  test('a server that is offline', async () => {
    for (const server of runcloud.workspaces.flatMap(({ servers }) => servers)) server.online = false;
    expect(await warned('server')).toMatch(/offline.*agent/);
  });

  test('a primary domain that is not protected', async () => {
    expect(await warned('domains', { protectedDomains: ['other.example'] })).toMatch(
      /network\.example is not in PROTECTED_DOMAINS.*Add network\.example/,
    );
  });

  test('an API that states no types, where nothing is protected', async () => {
    runcloud.switches.domainShape = 'id-name-created';
    expect(await warned('domains', { protectedDomains: [] })).toMatch(
      /removal is refused.*PROTECTED_DOMAINS/,
    );
    expect((await report()).check('domains')?.state).toBe('ok');
  });

  test('an SSL mode that RunCloud does not state', async () => {
    runcloud.arm({ path: /ssl\/advanced$/, answer: { status: 200, body: {} } });
    expect(await warned('certificates')).toContain('does not tell the SSL mode');
  });

  test('no wildcard', async () => {
    runcloud.app(app).domains.splice(1);
    expect(await warned('wildcard')).toMatch(
      /^None: native subdomains are added one by one.*network\.example/,
    );
  });

  test('PAUSED', async () => {
    expect(await warned('secret', { paused: true })).toMatch(/PAUSED is true.*Remove PAUSED/);
  });
});

describe('what only the ledger knows', () => {
  const claimed = async (renewedAt: number) => {
    const world = worldOf();
    await world.ledger.write(claimKey('42', '7'), { network: 'other', renewedAt }, 0);
    return reportIn(world);
  };

  test('the web application belongs to another network', async () => {
    const { ok, states, check } = await claimed(nowMs - HOUR);
    expect(ok).toBe(false);
    expect(states).toEqual(brokenAt('web-app', 'failed'));
    expect(check('web-app')).toMatchObject({
      detail: expect.stringContaining('app-claimed'),
      fix: expect.stringContaining('2026-11-23T04:00:30.250Z'),
    });
  });

  test('a claim that was not renewed for two days is no claim', async () =>
    expect((await claimed(nowMs - 2 * DAY)).states).toEqual(allOk));

  test('a claim whose network has another application by now is no claim', async () => {
    const world = worldOf();
    const claim = { ...OTHER_APP, renewedAt: nowMs - HOUR, readAt: nowMs - HOUR };
    await world.ledger.write(claimKey('42', '7'), { network: 'other', renewedAt: nowMs - 2 * HOUR }, 0);
    await world.ledger.write(networkKey('other'), networkItem({ network: 'other', claim }), 0);
    expect((await reportIn(world)).states).toEqual(allOk);
  });

  test('domains that were seen at another application', async () => {
    const world = worldOf();
    for (const [index, runcloudId] of [
      { id: 1, ...OTHER_APP },
      { id: 2, ...OTHER_APP },
      { id: 3, ...APP },
    ].entries()) {
      await putDomain(world.ledger, settledItem({ domain: `d${index}.example.com`, runcloudId }));
    }
    await putDomain(
      world.ledger,
      settledItem({ domain: 'gone.example.com', wanted: 'absent', runcloudId: { id: 4, ...OTHER_APP } }),
    );
    const { ok, check } = await reportIn(world);
    expect(ok).toBe(true);
    expect(check('domains')).toMatchObject({
      state: 'warning',
      detail:
        'The web application has 2 domains. 2 domains are still recorded for server 42, web application 8, and are being added here',
    });
  });

  test('the network is paused: since when, why, and when it tries again', async () => {
    const world = worldOf();
    const since = '2026-11-21T04:00:00.000Z';
    const pause = { code: 'runcloud-forbidden', message: 'RunCloud does not allow this', since } as const;
    await putNetwork(world.ledger, networkItem({ pause: { ...pause, probeAt: nowMs + 60_000 } }));
    const { check } = await reportIn(world);
    expect(check('token')).toMatchObject({
      state: 'warning',
      detail: expect.stringMatching(/is paused since 2026-11-21T04:00:00\.000Z \(runcloud-forbidden\)/),
      fix: expect.stringContaining('2026-11-21T05:01:30.250Z'),
    });
  });

  test('port 443 of the server is silent: since when, and what to open', async () => {
    const world = worldOf();
    const silence = { since: nowMs - 60_000, asks: 1, askAt: nowMs };
    await putNetwork(world.ledger, networkItem({ silence }));
    const { check } = await reportIn(world);
    expect(check('certificates')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('has not answered the relay since 2026-11-21T04:59:30.250Z'),
      fix: expect.stringContaining('Open port 443'),
    });
  });
});
