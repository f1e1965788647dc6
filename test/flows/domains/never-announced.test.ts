import { afterAll, describe, expect, test } from '@jest/globals';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({ networks: { acme: {}, late: {}, retried: {} } });

describe('a removal of a name that was never announced', () => {
  afterAll(() => closeFlow(flow));

  const domain = 'by-hand.acme-bikes.com';
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  const refused = { wanted: 'absent', state: 'failed', reason: 'not-announced' };

  test.concurrent('fails, says what to do, and leaves the row that was made in the panel', async () => {
    const acme = flow.network('acme');
    flow.runcloud.addInPanel(acme.appId, { name: domain });
    await acme.remove(domain);
    const { lastError } = await acme.settles(domain, refused);
    expect(lastError).toEqual({
      code: 'not-announced',
      message: expect.stringContaining(`never announced ${domain}`),
      at: expect.any(String),
    });
    expect(lastError?.message).toContain("delete it in RunCloud's panel");
    expect((await acme.deadLetter(domain)).attributes).toMatchObject({ code: 'not-announced', domain });
    expect(acme.hosted()).toContain(domain);
    expect(acme.calls().filter((call) => call.startsWith('DELETE'))).toEqual([]);

    // Announced and removed again, it is the multisite's own.
    await acme.add(domain);
    await acme.settles(domain, { state: 'present', lastError: null });
    await acme.remove(domain);
    await acme.settles(domain, { state: 'absent' });
    expect(acme.hosted()).not.toContain(domain);
  });

  test.concurrent('is followed once an addition comes late, whose answer is superseded', async () => {
    const late = flow.network('late');
    flow.runcloud.addInPanel(late.appId, { name: domain });
    await late.remove(domain);
    await late.settles(domain, refused);
    const answer = await late.send('domain.added', { domain }, { timestamp: minutesAgo(10) });
    expect([answer.status, await answer.json()]).toEqual([
      202,
      expect.objectContaining({ status: 'superseded' }),
    ]);
    await late.settles(domain, { state: 'absent', lastError: null });
    expect(late.hosted()).not.toContain(domain);
  });

  test.concurrent('is followed once a retry names the domain', async () => {
    const retried = flow.network('retried');
    flow.runcloud.addInPanel(retried.appId, { name: domain });
    await retried.remove(domain);
    await retried.settles(domain, refused);
    const answer = await retried.send('domain.ssl_retry', { domain, reason: 'manual' });
    expect(await answer.json()).toMatchObject({ status: 'superseded' });
    await retried.settles(domain, { state: 'absent' });
    expect(retried.hosted()).not.toContain(domain);
  });
});
