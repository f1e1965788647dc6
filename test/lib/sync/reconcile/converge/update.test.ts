import { describe, expect, test } from '@jest/globals';
import type { Hosting } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import type { HostingCall } from '../../../../doubles/hosting.ts';
import { DOMAIN } from '../../../../support/sync/items.ts';
import { APEX, alias, failing, network, reconcileAt, refusal, WWW } from './reconcile-at.ts';

describe('a domain that is there', () => {
  test('known by its id costs one read', async () => {
    const { outcome, calls } = await reconcileAt({ goal: { knownId: 5 }, domains: [network, alias] });
    expect(outcome).toMatchObject({ kind: 'settled', observations: { row: { id: 5 }, answered: true } });
    expect(calls).toEqual([{ op: 'find', id: 5 }]);
  });

  test('under another id than known is found by its name', async () => {
    const { outcome, ops } = await reconcileAt({ goal: { knownId: 9 }, domains: [network, alias] });
    expect(outcome).toMatchObject({ kind: 'settled', observations: { row: { id: 5 } } });
    expect(ops).toEqual(['find', 'page']);
  });

  test('as the primary is present and left alone', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { domain: 'network.example', www: true },
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'present', row: { type: 'primary' } },
    });
    expect(ops).toEqual(['page']);
  });

  test('as a redirect is updated, and read again', async () => {
    const { outcome, ops, named } = await reconcileAt({ domains: [network, { ...alias, type: 'redirect' }] });
    expect(outcome).toMatchObject({ kind: 'settled', target: { row: { type: 'alias' } } });
    expect(ops).toEqual(['page', 'update', 'page']);
    expect(named(DOMAIN)).toMatchObject([{ type: 'alias' }]);
  });

  test('with another www is updated', async () => {
    const { outcome, calls } = await reconcileAt({
      goal: { www: true, knownId: 5 },
      domains: [network, alias],
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { row: { www: true } } });
    expect(calls.map(({ op }) => op)).toEqual(['find', 'page', 'update', 'page']);
  });

  test('whose www cannot be changed here is present as it is', async () => {
    const { outcome } = await reconcileAt({
      goal: { www: true },
      domains: [network, alias],
      part: () => ({ updateDomain: async () => 'unsupported' }),
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'present', row: { id: 5, www: false } },
    });
  });

  test('whose www RunCloud refuses is present as it is', async () => {
    const { outcome } = await reconcileAt({
      goal: { www: true },
      domains: [network, alias],
      onCall: failing('update', refusal()),
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { row: { www: false } } });
  });

  test('whose update was accepted and did nothing is present as it is, after one try', async () => {
    let updates = 0;
    const { outcome } = await reconcileAt({
      goal: { www: true },
      domains: [network, alias],
      part: () => ({
        updateDomain: async () => {
          updates++;
          return 'updated';
        },
      }),
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { row: { www: false } } });
    expect(updates).toBe(1);
  });

  test('as a redirect that cannot be changed is not called present', async () => {
    const { outcome } = await reconcileAt({
      domains: [network, { ...alias, type: 'redirect' }],
      part: () => ({ updateDomain: async () => 'unsupported' }),
    });
    expect(outcome).toMatchObject({ kind: 'failed', error: { failure: 'passing' } });
  });

  test('as a redirect whose update is refused is refused', async () => {
    const { outcome } = await reconcileAt({
      domains: [network, { ...alias, type: 'redirect' }],
      onCall: failing('update', refusal()),
    });
    expect(outcome).toMatchObject({ kind: 'failed', error: { failure: 'refused' } });
  });

  test('as a redirect and as an alias is the alias, also where its www cannot be changed', async () => {
    const { outcome } = await reconcileAt({
      goal: { www: true },
      domains: [network, { id: 4, name: DOMAIN, type: 'redirect' }, alias],
      part: () => ({ updateDomain: async () => 'unsupported' }),
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { row: { id: 5 } },
      observations: { row: { id: 5 } },
    });
  });

  test.each(['non-www', 'www'] as const)(
    'as X whose row redirects by %s, wanted with its own www., is served without redirect',
    async (redirection) => {
      const { outcome, ops, named } = await reconcileAt({
        goal: { domain: redirection === 'www' ? APEX : WWW, www: redirection === 'www' },
        domains: [network, { id: 6, name: APEX, www: true, redirection }],
      });
      expect(outcome).toMatchObject({
        kind: 'settled',
        target: { state: 'present', reason: redirection === 'www' ? null : 'served-by-apex' },
      });
      expect(ops).toEqual(['page', 'update', 'page']);
      expect(named(APEX)).toMatchObject([{ www: true, redirection: 'none' }]);
    },
  );

  test('with a redirection to X that nothing but X is wanted under, is left as it is', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { domain: APEX, www: true },
      domains: [network, { id: 6, name: APEX, www: true, redirection: 'non-www' }],
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'present' } });
    expect(ops).toEqual(['page']);
  });

  test('whose www. is redirected by the network’s own row is left to its operator', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { domain: WWW },
      domains: [{ id: 6, name: APEX, type: 'primary', www: true, redirection: 'non-www' }],
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { reason: 'served-by-apex' } });
    expect(ops).toEqual(['page']);
  });

  const powerless: readonly {
    readonly how: string;
    readonly part?: Partial<Hosting>;
    readonly onCall?: (call: HostingCall) => Promise<void>;
    readonly failure: string;
  }[] = [
    { how: 'refused', onCall: failing('update', refusal()), failure: 'refused' },
    { how: 'unsupported', part: { updateDomain: async () => 'unsupported' }, failure: 'passing' },
    { how: 'without effect', part: { updateDomain: async () => 'updated' }, failure: 'passing' },
  ];

  test.each(powerless)(
    'as a www. that X redirects, whose update is $how, is not called present',
    async (one) => {
      const { part = {}, onCall, failure } = one;
      const { outcome } = await reconcileAt({
        goal: { domain: WWW },
        domains: [network, { id: 6, name: APEX, www: true, redirection: 'non-www' }],
        part: () => part,
        ...(onCall && { onCall }),
      });
      expect(outcome).toMatchObject({ kind: 'failed', error: { failure } });
    },
  );

  test('is a www name that its apex serves', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { domain: WWW, blind: true },
      domains: [network, { id: 6, name: APEX, www: true }],
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { reason: 'served-by-apex' },
      observations: { row: null },
    });
    expect(ops).toEqual(['page']);
  });

  test('under a wildcard costs one listing', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { native: true, blind: true },
      domains: [network, { id: 6, name: `*.${APEX}` }],
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { reason: 'covered-by-wildcard' } });
    expect(ops).toEqual(['page']);
  });
});
