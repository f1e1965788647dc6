import { describe, expect, test } from '@jest/globals';
import { RuncloudUnavailable } from '../../../../../lib/runcloud/errors.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { freshNetwork } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, domainKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import {
  APP,
  certificateItem,
  DAY,
  DOMAIN,
  domainItem,
  NETWORK,
  NOW,
  OTHER_APP,
  row,
  SECOND,
  settledItem,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { madeCall, removal } from './failing-calls.ts';

describe('what a settle sets in motion', () => {
  test('the request for a certificate is written before the domain settles', async () => {
    const order: string[] = [];
    const ledger = memoryLedger();
    const watching: typeof ledger = {
      ...ledger,
      write: (key, item, writes) => {
        order.push(key.kind);
        return ledger.write(key, item, writes);
      },
    };
    const world = reconcileWorld({ services: { ledger: watching } });
    await ledger.write(domainKey(NETWORK, DOMAIN), domainItem(), 0);
    await world.pass();
    expect(order.indexOf('certificate')).toBeGreaterThan(0);
    expect(order.indexOf('certificate')).toBeLessThan(order.lastIndexOf('domain'));
  });

  test('a message for its certificate goes out once the request is new, and only then', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.certificateQueue.sent).toEqual([{ message: { network: NETWORK }, delaySeconds: 20 }]);
    await world.putDomain(settledItem({ dueAt: NOW, sendAt: NOW }));
    await world.pass();
    expect(world.certificateQueue.sent).toHaveLength(1);
  });

  const seen = { state: 'valid', notAfter: '2027-01-01T00:00:00.000Z', dueAt: NOW + DAY } as const;
  const passWithRequest = async (item: DomainItem, had: Partial<HostedDomain> = {}) => {
    const world = reconcileWorld({ rows: [row(had)] });
    await world.putDomain({ ...item, dueAt: NOW, sendAt: NOW });
    await world.put(certificateKey(NETWORK, DOMAIN), certificateItem(seen));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present' });
    const { state, notAfter, dueAt } = await world.certificate();
    return { state, notAfter, isDueSoon: dueAt === world.time.now() + world.services.batchMs };
  };

  test('a domain that is found at another application than before takes no certificate with it', async () => {
    const moved = domainItem({ runcloudId: { id: 9, ...OTHER_APP } });
    expect(await passWithRequest(moved)).toEqual({ state: 'pending', notAfter: null, isDueSoon: true });
  });

  test('what a domain had at another application than before is forgotten with its row there, however the pass ends', async () => {
    let refused = false;
    const world = reconcileWorld({
      onCall: async ({ op }) => {
        if (op !== 'add' || refused) return;
        refused = true;
        throw new RuncloudUnavailable('RunCloud is away', madeCall);
      },
    });
    await world.putNetwork({ ...freshNetwork(NETWORK), readsFirst: true });
    await world.putDomain(domainItem({ runcloudId: { id: 9, ...OTHER_APP } }));
    await world.put(certificateKey(NETWORK, DOMAIN), certificateItem({ state: 'requested', orderedAt: NOW }));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'pending', runcloudId: null });
    expect(await world.certificate()).toMatchObject({ state: 'pending', orderedAt: null });
    await world.putDomain({ ...(await world.domain()), dueAt: NOW, sendAt: NOW });
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', runcloudId: APP });
    expect(await world.certificate()).toMatchObject({ state: 'pending', orderedAt: null });
  });

  test('a certificate is checked again once its domain, or its www., is served only now', async () => {
    const isDueSoon = async (item: DomainItem, had: Partial<HostedDomain> = {}) => {
      const { isDueSoon: soon, ...request } = await passWithRequest(item, had);
      expect(request).toEqual({ state: 'valid', notAfter: seen.notAfter });
      return soon;
    };
    expect(await isDueSoon(domainItem({ runcloudId: { id: 5, ...APP } }))).toBe(true);
    expect(await isDueSoon(settledItem({ www: true, wwwServed: false }), { www: false })).toBe(true);
    expect(await isDueSoon(settledItem({ www: true, wwwServed: true }), { www: true })).toBe(false);
    expect(await isDueSoon(settledItem({ wwwServed: false }))).toBe(false);
  });

  test('a domain that ends absent requests for nothing', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain(removal());
    await world.pass();
    expect(world.ledger.all('certificate')).toEqual([]);
  });

  test('a www name that was served by its apex is due when the apex goes', async () => {
    const world = reconcileWorld({ rows: [row({ www: true })] });
    await world.putNetwork({ ...freshNetwork(NETWORK), refusesDuplicates: true });
    await world.putDomain({ ...removal(), wwwServed: true });
    await world.putDomain(
      settledItem({ domain: `www.${DOMAIN}`, reason: 'served-by-apex', runcloudId: null }),
    );
    await world.pass();
    expect(await world.domain(`www.${DOMAIN}`)).toMatchObject({ dueAt: NOW, revision: 2 });
  });

  test('requeues no sibling when the pass was only held', async () => {
    const world = reconcileWorld({ rows: [row({ www: true })] });
    await world.putDomain({ ...removal(), wwwServed: true });
    await world.putDomain(settledItem({ domain: `www.${DOMAIN}` }));
    await world.pass(DOMAIN, { withinMs: 40 * SECOND });
    expect((await world.domain(`www.${DOMAIN}`)).dueAt).toBeNull();
  });
});
