import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recordUpdate } from '../../../lib/sync/events/record-update.ts';
import { domainDelays } from '../../../lib/sync/ledger/delays.ts';
import type { DomainUpdate } from '../../../lib/sync/ledger/desired-state.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { recordAttempt, takeLease } from '../../../lib/sync/ledger/work/work-lease.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import { written } from '../../support/sync/items.ts';

const retryBaseSeconds = 0.2;
const delays = domainDelays(retryBaseSeconds * 1_000);

describe('a message or an answer that is lost', () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({
      networks: { away: {}, silent: {}, doubled: {}, killed: {}, late: {} },
      retryBaseSeconds,
    });
  });

  afterAll(() => closeFlow(flow));

  const updateOf = (network: string, domain: string): DomainUpdate => ({
    network,
    domain,
    wanted: 'present',
    version: { timestamp: new Date().toISOString(), id: 'msg_word' },
    www: false,
    native: false,
    siteId: null,
    domainId: null,
  });

  test('an update that could not be enqueued is not confirmed, but kept: the sweep finishes it', async () => {
    const away = flow.network('away');
    const domain = 'away.acme-bikes.com';
    const event = away.event('domain.added', { domain });
    flow.reach.queue.always('drop');
    const answer = await away.post('/domain-added', event);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await answer.json()).toMatchObject({ type: 'unavailable', status: 503 });
    expect(await away.domain(domain)).toMatchObject({ wanted: 'present', state: 'pending' });

    // The SDK tries three times for a caller: by then a sweep has met the same.
    await eventually(() => expect(flow.reach.queue.seen.length).toBeGreaterThanOrEqual(6));

    flow.reach.queue.always(undefined);
    await away.settles(domain, { state: 'present' });
    const again = await away.post('/domain-added', event);
    expect([again.status, await again.json()]).toEqual([
      202,
      expect.objectContaining({ status: 'duplicate' }),
    ]);
    expect(await away.domain(domain)).toMatchObject({ state: 'present', revision: 1 });
  });

  test('the sweep brings an update that was written just before its API handler died to a worker', async () => {
    const silent = flow.network('silent');
    const domain = 'silent.acme-bikes.com';
    const at = { now: Date.now(), baseMs: delays.firstMs };
    await recordUpdate(flow.ledger, updateOf('silent', domain), at);
    await silent.settles(domain, { state: 'present' });
    expect(silent.hosted()).toContain(domain);
  });

  test('a message sent twice, because the answer to the first was lost, is one domain', async () => {
    const doubled = flow.network('doubled');
    const domain = 'doubled.acme-bikes.com';
    flow.reach.queue.next('lose-answer');
    await doubled.add(domain);
    await doubled.settles(domain, { state: 'present' });
    expect(flow.reach.queue.seen).toContain('lose-answer');
    expect(doubled.calls()).toEqual(['POST /domains']);
  });

  test('a worker killed in the middle of an add is followed by one that reads before it writes', async () => {
    const killed = flow.network('killed');
    const domain = 'killed.acme-bikes.com';
    const key = domainKey('killed', domain);
    // While RunCloud does not answer reads, the test can inspect what the second worker knows.
    killed.arm('/domains', { method: 'GET', times: Number.POSITIVE_INFINITY, answer: { status: 503 } });
    // Far from being sent by the sweep, so that the first worker is the one of the next lines.
    await recordUpdate(flow.ledger, updateOf('killed', domain), { now: Date.now(), baseMs: 3_600_000 });
    const startedAt = Date.now();
    const terms = {
      owner: 'killed',
      now: startedAt - 2_000,
      leaseMs: 1_000,
      ambiguityMs: delays.ambiguityMs,
    };
    await updateItem(flow.ledger, key, (item) => {
      const leased = written(takeLease(item, terms));
      return recordAttempt(leased, 'killed', { op: 'add', startedAt });
    });

    await killed.stands(domain, {
      crashes: 1,
      owner: null,
      attempt: null,
      ambiguousUntil: startedAt + delays.ambiguityMs,
      lastError: expect.objectContaining({ code: 'runcloud-unavailable' }),
    });
    // What the killed worker had sent lands now, under the watch.
    flow.runcloud.addInPanel(killed.appId, { name: domain });
    flow.runcloud.disarm();
    await killed.settles(domain, { state: 'present', crashes: 0, ambiguousUntil: null });
    expect(killed.calls().filter((call) => call.startsWith('POST'))).toEqual([]);
    expect(killed.hosted()).toEqual([killed.ownDomain, domain]);
  });

  test('a lost add that lands only after the domain was removed is taken away again', async () => {
    const late = flow.network('late');
    const domain = 'late.acme-bikes.com';
    const change = (changes: Partial<DomainItem>) =>
      updateItem(flow.ledger, domainKey('late', domain), (item) => {
        if (item === undefined) throw new Error(`The ledger does not know ${domain}`);
        return { write: { ...item, ...changes }, result: undefined };
      });
    late.arm('/domains', { method: 'POST', does: 'on-land', answer: 'drop' });
    // Until the removal has come, nothing more is done for this domain.
    late.arm('/domains', { method: 'GET', times: Number.POSITIVE_INFINITY, answer: { status: 503 } });
    await late.add(domain);
    await late.stands(domain, { lastError: expect.objectContaining({ code: 'runcloud-unavailable' }) });
    // However busy the machine is, the watch for the lost add does not end before its row is there.
    await change({ ambiguousUntil: Date.now() + 600_000 });
    await late.remove(domain);
    flow.runcloud.disarm();
    const watched = await late.stands(domain, { wanted: 'absent', state: 'absent' });
    expect(watched.dueAt).toBe(watched.ambiguousUntil);

    expect(await flow.runcloud.land()).toBe(1);
    expect(late.hosted()).toContain(domain);
    const now = Date.now();
    await change({ ambiguousUntil: now, dueAt: now, sendAt: now });
    await late.settles(domain, { state: 'absent', ambiguousUntil: null });
    expect(late.hosted()).toEqual([late.ownDomain]);
  });
});
