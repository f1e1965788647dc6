import { describe, expect, test } from '@jest/globals';
import { RuncloudForbidden } from '../../../../../lib/runcloud/errors.ts';
import type { HostedDomain, Hosting } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import type { Goal } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { DOMAIN } from '../../../../support/sync/items.ts';
import {
  APEX,
  alias,
  failing,
  network,
  observations,
  reconcileAt,
  refusal,
  timeout,
  WWW,
} from './reconcile-at.ts';

describe('an addition', () => {
  test('never checked before costs one call', async () => {
    const { outcome, calls, named } = await reconcileAt({ goal: { blind: true } });
    expect(outcome).toMatchObject({
      kind: 'settled',
      observations: { added: true, answered: true, row: { name: DOMAIN } },
    });
    expect(calls).toEqual([{ op: 'add', name: DOMAIN, www: false }]);
    expect(named(DOMAIN)).toHaveLength(1);
  });

  test('of a name that is there already is a success, shown by a listing', async () => {
    const { outcome, ops } = await reconcileAt({ goal: { blind: true }, domains: [network, alias] });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'present', row: { id: 5 } },
      observations: { announcedAgain: true, added: false },
    });
    expect(ops).toEqual(['add', 'page']);
  });

  test('that is not the first pass reads, and adds what is missing', async () => {
    const { outcome, ops } = await reconcileAt();
    expect(outcome.kind).toBe('settled');
    expect(ops).toEqual(['page', 'add']);
  });

  test('whose answer is lost says that it may have landed, and is not repeated in the same pass', async () => {
    const { outcome, ops, named } = await reconcileAt({
      goal: { blind: true },
      onDone: failing('add', timeout()),
    });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'runcloud-timeout', unanswered: true } });
    expect(ops).toEqual(['add']);
    expect(named(DOMAIN)).toHaveLength(1);
  });

  test('confirmed by nothing but a status is read in the same pass', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { blind: true },
      part: (hosting) => ({
        add: async (domain) => {
          await hosting.add(domain);
          return undefined;
        },
      }),
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'present', row: { name: DOMAIN } } });
    expect(ops).toEqual(['add', 'page']);
  });

  test('confirmed by a status but not to be seen waits, and is not repeated in the same pass', async () => {
    let posts = 0;
    const { outcome } = await reconcileAt({
      goal: { blind: true },
      part: () => ({
        add: async () => {
          posts++;
          return undefined;
        },
      }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: {
        failure: 'passing',
        message: `${DOMAIN} was accepted by RunCloud, but is not listed`,
      },
      observations: { answered: true, unconfirmed: true },
    });
    expect(posts).toBe(1);
  });

  const withoutEffect: readonly {
    readonly of: string;
    readonly goal?: Partial<Goal>;
    readonly type?: HostedDomain['type'];
    readonly part: Partial<Hosting>;
    readonly what: string;
  }[] = [
    {
      of: 'an addition',
      part: { add: async () => undefined },
      what: 'was accepted by RunCloud, but is not listed',
    },
    {
      of: 'a removal',
      goal: { wanted: 'absent' },
      type: 'alias',
      part: { remove: async () => 'unclear' },
      what: 'was removed, but RunCloud still lists it',
    },
    {
      of: 'the update of a redirect',
      type: 'redirect',
      part: { updateDomain: async () => 'updated' },
      what: 'stays a redirect: RunCloud did not change it',
    },
  ];

  test.each(withoutEffect)('that did nothing says why in RunCloud’s own words: $of', async (one) => {
    const { goal = {}, type, part, what } = one;
    const { outcome } = await reconcileAt({
      goal,
      domains: type === undefined ? [network] : [network, { id: 5, name: DOMAIN, type }],
      said: 'The plan allows ten domains.',
      part: () => part,
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { message: `${DOMAIN} ${what}: The plan allows ten domains.` },
    });
  });

  test('answered with a mere status counts as answered, even if it cannot be read just now', async () => {
    const { outcome } = await reconcileAt({
      goal: { blind: true },
      part: () => ({ add: async () => undefined }),
      onCall: failing('page', timeout()),
    });
    expect(outcome).toMatchObject({ kind: 'failed', observations: { answered: true, unconfirmed: true } });
  });

  test('refused counts as answered, and as nothing that may land, even if the list cannot be read just now', async () => {
    const { outcome } = await reconcileAt({
      goal: { blind: true },
      onCall: async (call) => {
        if (call.op === 'add') throw refusal();
        if (call.op === 'page') throw timeout();
      },
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'runcloud-timeout' },
      observations: { answered: true, announcedAgain: false, unconfirmed: false },
    });
  });

  test('refused although the name is nowhere is refused', async () => {
    const { outcome, ops } = await reconcileAt({ goal: { blind: true }, onCall: failing('add', refusal()) });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { code: 'runcloud-refused' },
      observations: { answered: true, announcedAgain: false, row: null },
    });
    expect(ops).toEqual(['add', 'page']);
  });

  test('refused for its www, which has a row of its own, goes in without', async () => {
    const { outcome, calls } = await reconcileAt({
      goal: { domain: APEX, www: true, blind: true },
      domains: [network, { id: 6, name: WWW }],
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { row: { name: APEX, www: false } } });
    expect(calls.filter(({ op }) => op === 'add')).toEqual([
      { op: 'add', name: APEX, www: true },
      { op: 'add', name: APEX, www: false },
    ]);
  });

  test('is not made while the listing is incomplete', async () => {
    const { outcome, ops } = await reconcileAt({
      part: () => ({ list: async () => ({ domains: [], complete: false, confirmed: false }) }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { failure: 'passing' },
      observations: { row: undefined },
    });
    expect(ops).toEqual([]);
  });

  test('reports a failure of the network as a failure of its own kind', async () => {
    const { outcome } = await reconcileAt({
      goal: { blind: true },
      onCall: failing('add', new RuncloudForbidden('Not allowed', { ...observations, status: 403 })),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { failure: 'network' },
      observations: { answered: false },
    });
  });
});
