import { afterAll, describe, expect, test } from '@jest/globals';
import { closeFlow } from '../support/close-flow.ts';
import { eventually } from '../support/eventually.ts';
import { startFlow } from '../support/flow.ts';
import type { FlowNetwork } from '../support/flow-network.ts';

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
  const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

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

  test.concurrent('a primary name is never deleted: its removal fails with a dead letter that says why', async () => {
    const careless = flow.network('careless');
    const domain = careless.ownDomain;
    await careless.remove(domain);
    const item = await careless.settles(domain, { state: 'failed', reason: 'primary-domain' });
    expect(item.lastError).toMatchObject({ code: 'primary-domain' });

    const deadLetter = await careless.deadLetter(domain);
    expect(deadLetter.attributes).toEqual({
      id: `careless/${domain}/${item.revision}/dead-letter`,
      code: 'primary-domain',
      reason: item.lastError?.message,
      network: 'careless',
      domain,
      'first-failure': instant,
      'last-failure': instant,
    });
    expect(JSON.parse(deadLetter.body)).toEqual({ network: 'careless', domain, deadLetter: item.revision });

    expect(careless.hosted()).toEqual([domain]);
    expect(deletions(careless)).toEqual([]);
  });

  test.concurrent('an alias that became primary after it was added is not deleted by its old id', async () => {
    const promoted = flow.network('promoted');
    const domain = 'promoted.acme-bikes.com';
    await promoted.add(domain);
    const { runcloudId } = await promoted.settles(domain, { state: 'present' });
    for (const row of rows(promoted)) row.type = row.name === domain ? 'primary' : 'alias';

    await promoted.remove(domain);
    await promoted.settles(domain, { state: 'failed', reason: 'primary-domain' });
    expect((await promoted.deadLetter(domain)).attributes.code).toBe('primary-domain');
    expect(rows(promoted).find(({ name }) => name === domain)?.id).toBe(runcloudId?.id);
    expect(deletions(promoted)).toEqual([]);
  });

  test.concurrent('a name protected after its removal was accepted is asked about again, and kept', async () => {
    const changed = flow.network('changed');
    const domain = 'main.acme-bikes.com';
    flow.runcloud.addInPanel(changed.appId, { name: domain });
    // The removal cannot get through for now.
    changed.arm('/domains.*', { times: Number.POSITIVE_INFINITY, answer: { status: 503 } });
    await changed.remove(domain);
    await changed.stands(domain, { lastError: expect.objectContaining({ code: 'runcloud-unavailable' }) });

    await changed.changeSecret({ PROTECTED_DOMAINS: `${changed.ownDomain}, ${domain}` });
    // Workers keep a secret for ten seconds at least. By then the waits are long, so the test asks for passes.
    await eventually(
      async () => {
        await flow.message({ network: 'changed', domain });
        expect(await changed.domain(domain)).toMatchObject({ state: 'failed', reason: 'protected-domain' });
      },
      { withinMs: 60_000, everyMs: 500 },
    );
    expect((await changed.deadLetter(domain)).attributes).toMatchObject({ code: 'protected-domain', domain });
    expect(changed.hosted()).toContain(domain);
    expect(deletions(changed)).toEqual([]);
  });
});
