import { afterAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

// Tests run side by side, so the stack must stand before any of them begins; hooks would come too late.
const flow = await startFlow({
  networks: {
    guarded: {},
    // The network's own name is not in PROTECTED_DOMAINS here.
    careless: { secret: { PROTECTED_DOMAINS: '' } },
    promoted: { secret: { PROTECTED_DOMAINS: '' } },
    changed: {},
    // One row serves both names, and only the longer one is protected.
    shared: { secret: { PROTECTED_DOMAINS: 'www.acme-network.com' } },
  },
});

describe('a name that must not be removed', () => {
  afterAll(() => closeFlow(flow));

  const deletions = ({ calls }: FlowNetwork) => calls().filter((call) => call.startsWith('DELETE'));
  const rows = ({ appId }: FlowNetwork) => flow.runcloud.app(appId).domains;

  test.concurrent('is refused at the API handler, with its www, whatever the event says, and RunCloud is not called', async () => {
    const guarded = flow.network('guarded');
    for (const domain of [guarded.ownDomain, `www.${guarded.ownDomain}`, guarded.ownDomain.toUpperCase()]) {
      for (const type of ['domain.added', 'domain.removed', 'domain.ssl_retry'] as const) {
        const answer = await guarded.send(type, { domain });
        expect(answer.status).toBe(422);
        expect(answer.headers.get('content-type')).toBe('application/problem+json');
        expect(await answer.json()).toEqual({
          type: 'protected-domain',
          title: expect.any(String),
          status: 422,
          detail: expect.any(String),
        });
      }
      expect(await guarded.domain(domain.toLowerCase())).toBeUndefined();
    }
    expect(guarded.calls()).toEqual([]);
  });

  test.concurrent('is refused with the name it is the www. of, and its row is left alone', async () => {
    const shared = flow.network('shared');
    flow.runcloud.addInPanel(shared.appId, { name: 'acme-network.com', www: true });
    const removal = await shared.send('domain.removed', { domain: 'acme-network.com' });
    const addition = await shared.send('domain.added', { domain: 'acme-network.com', www: false });
    expect([removal.status, addition.status]).toEqual([422, 422]);
    expect(await shared.domain('acme-network.com')).toBeUndefined();
    expect(shared.calls()).toEqual([]);
    expect(rows(shared)).toContainEqual(expect.objectContaining({ name: 'acme-network.com', www: true }));
  });

  test.concurrent('a primary name is never deleted: its removal ends settled, with one notice and no dead letter', async () => {
    const careless = flow.network('careless');
    const domain = careless.ownDomain;
    await careless.remove(domain);
    await careless.settles(domain, {
      wanted: 'absent',
      state: 'present',
      reason: 'primary-domain',
      lastError: null,
    });
    expect(await careless.told()).toEqual([expect.stringContaining(`${domain} is the primary domain`)]);
    expect(await careless.deadLetters()).toEqual([]);
    expect(careless.hosted()).toEqual([domain]);
    expect(deletions(careless)).toEqual([]);

    // The multisite takes its removal back.
    await careless.add(domain);
    await careless.settles(domain, { wanted: 'present', state: 'present', reason: null });
  });

  test.concurrent('an alias that became primary after it was added is not deleted by its old id', async () => {
    const promoted = flow.network('promoted');
    const domain = 'promoted.acme-bikes.com';
    await promoted.add(domain);
    const { runcloudId } = await promoted.settles(domain, { state: 'present' });
    for (const row of rows(promoted)) row.type = row.name === domain ? 'primary' : 'alias';

    await promoted.remove(domain);
    await promoted.settles(domain, { state: 'present', reason: 'primary-domain' });
    expect(await promoted.deadLetters()).toEqual([]);
    expect(rows(promoted).find(({ name }) => name === domain)?.id).toBe(runcloudId?.id);
    expect(deletions(promoted)).toEqual([]);
  });

  test.concurrent('a name protected after its removal was accepted is asked about again, and kept', async () => {
    const changed = flow.network('changed');
    const domain = 'main.acme-bikes.com';
    await changed.add(domain);
    await changed.settles(domain, { state: 'present' });
    // The removal cannot get through for now.
    const repair = changed.arm('/domains.*', { times: Number.POSITIVE_INFINITY, answer: { status: 503 } });
    await changed.remove(domain);
    await changed.stands(domain, { lastError: expect.objectContaining({ code: 'runcloud-unavailable' }) });

    await changed.changeSecret({ PROTECTED_DOMAINS: `${changed.ownDomain}, ${domain}` });
    // Workers keep a secret for ten seconds at least. By then the waits are long, so the test asks for passes.
    await eventually(
      async () => {
        await flow.message({ network: 'changed', domain });
        expect(await changed.domain(domain)).toMatchObject({ state: 'present', reason: 'protected-domain' });
      },
      { everyMs: 500 },
    );
    expect(await changed.deadLetters()).toEqual([]);
    expect(changed.hosted()).toContain(domain);
    expect(deletions(changed)).toEqual([]);

    // What the ledger wants absent may be taken back, and a repeat of that is a duplicate.
    repair();
    const addition = changed.event('domain.added', { domain });
    for (const status of ['accepted', 'duplicate']) {
      const answer = await changed.post('/domain-added', addition);
      expect([answer.status, await answer.json()]).toEqual([202, expect.objectContaining({ status })]);
    }
    await changed.settles(domain, { wanted: 'present', state: 'present', reason: null });
  });
});
