import { afterAll, describe, expect, test } from '@jest/globals';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({
  networks: {
    waiting: { secret: { REMOVAL_GRACE_MINUTES: '' } },
    off: { secret: { REMOVAL_GRACE_MINUTES: '0' } },
  },
});

describe('a removal can be taken back', () => {
  afterAll(() => closeFlow(flow));

  const domain = 'shop.acme-bikes.com';

  test.concurrent('within its grace the domain stays served, and an addition ends it with no call to RunCloud', async () => {
    const waiting = flow.network('waiting');
    await waiting.add(domain);
    const before = await waiting.settles(domain, { state: 'present' });
    await flow.quiet();
    const certificate = await waiting.certificate(domain);
    const calls = waiting.calls();

    await waiting.remove(domain);
    const item = await waiting.stands(domain, { wanted: 'absent' });
    expect(item.dueAt).toBeGreaterThan(Date.now() + 14 * 60_000);
    expect(item.dueAt).toBeLessThanOrEqual(Date.now() + 15 * 60_000);
    // Whatever brings a worker here early, the domain waits.
    await flow.message({ network: 'waiting', domain });
    await flow.quiet();
    const status = await fetch(`${flow.url}/waiting/domains/${domain}`, {
      headers: { authorization: `Bearer ${waiting.secret.RELAY_READ_TOKEN}` },
    });
    expect(await status.json()).toMatchObject({
      wanted: 'absent',
      hosting: { state: 'removing', reason: 'grace-period', nextTryAt: toInstant(item.dueAt ?? 0) },
    });
    expect(waiting.hosted()).toContain(domain);

    await waiting.add(domain);
    await waiting.settles(domain, {
      wanted: 'present',
      state: 'present',
      reason: null,
      since: before.since,
      runcloudId: before.runcloudId,
    });
    await flow.quiet();
    expect(waiting.calls()).toEqual(calls);
    expect(waiting.hosted()).toContain(domain);
    const { state, since, revision } = certificate ?? {};
    const resumed = await waiting.certificate(domain);
    expect(resumed).toMatchObject({ wanted: true, state, since, revision: (revision ?? 0) + 1 });
    expect(resumed?.dueAt).toBeLessThanOrEqual(Date.now());
  });

  test.concurrent('without a grace it is followed at once', async () => {
    const off = flow.network('off');
    await off.add(domain);
    await off.settles(domain, { state: 'present' });
    await off.remove(domain);
    await off.settles(domain, { state: 'absent' });
    expect(off.hosted()).not.toContain(domain);
  });
});
