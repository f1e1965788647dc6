import { describe, expect, test } from '@jest/globals';
import {
  RuncloudForbidden,
  RuncloudNotFound,
  RuncloudRefused,
  RuncloudTimeout,
} from '../../../../lib/runcloud/errors.ts';
import { NotBefore } from '../../../../lib/sync/ledger/errors.ts';
import type { HostedDomain, Hosting } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import type { KeptListing } from '../../../../lib/sync/network/listing/kept-listings.ts';
import { type Listing, readListing } from '../../../../lib/sync/network/listing/listing.ts';
import { converge, type Steps } from '../../../../lib/sync/reconcile/converge.ts';
import type { Goal } from '../../../../lib/sync/reconcile/plan.ts';
import { type HostingCall, type MemoryHostingOptions, memoryHosting } from '../../../doubles/hosting.ts';
import { DOMAIN, NOW, row } from '../../../support/sync/items.ts';

const APEX = 'acme-bikes.com';
const WWW = `www.${APEX}`;
const observations = { method: 'POST', path: '/domains' };
const network = { id: 1, name: 'network.example', type: 'primary' } as const;
const alias = { id: 5, name: DOMAIN };

interface Options extends MemoryHostingOptions {
  readonly goal?: Partial<Goal>;
  /** Parts of RunCloud that behave otherwise. */
  readonly part?: (hosting: Hosting) => Partial<Hosting & { list(): Promise<Listing> }>;
  readonly kept?: Listing;
  readonly beforeWrite?: Steps['beforeWrite'];
  /** RunCloud's own words in the answer to a write. */
  readonly said?: string;
}

function timed(listing: Listing): KeptListing {
  return { ...listing, begunAt: NOW, doneAt: NOW };
}

/** One pass over RunCloud, in memory; a test says what is there and what goes wrong. */
async function reconcileAt({ goal = {}, part, kept, said, beforeWrite, onCall, ...options }: Options = {}) {
  const calls: HostingCall[] = [];
  const memory = memoryHosting({
    domains: [network],
    ...options,
    onCall: async (call) => {
      calls.push(call);
      await onCall?.(call);
    },
  });
  const hosting = { ...memory, list: () => readListing(memory), ...part?.(memory) };
  const list = async () => ({ ...timed(await hosting.list()), resumed: false });
  const outcome = await converge(
    {
      domain: DOMAIN,
      wanted: 'present',
      announced: true,
      www: false,
      native: false,
      knownId: null,
      parkable: null,
      blind: false,
      ambiguous: false,
      protectedDomains: ['network.example'],
      secondRowPossible: false,
      ...goal,
    },
    {
      hosting: { ...hosting, list, remove: ({ id }) => hosting.remove(id) },
      saidOfWrite: () => said,
      beforeWrite: beforeWrite ?? (() => undefined),
      keptListing: async () => kept && timed(kept),
      wasConfirmed: async () => undefined,
    },
  );
  const named = (name: string): HostedDomain[] => [...memory.rows.values()].filter((it) => it.name === name);
  return { outcome, calls, ops: calls.map(({ op }) => op), named };
}

function failing(op: HostingCall['op'], error: Error) {
  return async (call: HostingCall) => {
    if (call.op === op) throw error;
  };
}
function timeout() {
  return new RuncloudTimeout('No answer', { ...observations, unanswered: true });
}
function refusal() {
  return new RuncloudRefused('RunCloud refused', { ...observations, status: 422 });
}

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

describe('a removal', () => {
  const goal = { wanted: 'absent' } as const;

  test('of a known id costs two calls', async () => {
    const { outcome, ops, named } = await reconcileAt({
      goal: { ...goal, knownId: 5 },
      domains: [network, alias],
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'absent' },
      observations: { row: null },
    });
    expect(ops).toEqual(['find', 'remove']);
    expect(named(DOMAIN)).toEqual([]);
  });

  test('of a known id lists first where a second row is possible, and takes that too', async () => {
    const removed = await reconcileAt({
      goal: { ...goal, knownId: 5, secondRowPossible: true },
      domains: [network, alias, { id: 6, name: DOMAIN }],
    });
    expect(removed.outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'absent' },
      observations: { row: null },
    });
    expect(removed.ops).toEqual(['page', 'remove', 'remove']);
    expect(removed.named(DOMAIN)).toEqual([]);
    const { ops } = await reconcileAt({
      goal: { ...goal, knownId: 5, secondRowPossible: true },
      domains: [alias],
    });
    expect(ops).toEqual(['page', 'remove']);
  });

  test('is not finished by an incomplete listing where a second row is possible', async () => {
    const { outcome } = await reconcileAt({
      goal: { ...goal, knownId: 5, secondRowPossible: true },
      domains: [network, alias],
      part: () => ({ list: async () => ({ domains: [], complete: false, confirmed: false }) }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { failure: 'passing' },
      observations: { row: undefined },
    });
  });

  test('says whether a listing showed a second row', async () => {
    const one = await reconcileAt({ goal, domains: [network, alias] });
    const two = await reconcileAt({ goal, domains: [network, alias, { id: 6, name: DOMAIN }] });
    expect([one.outcome.observations.duplicated, two.outcome.observations.duplicated]).toEqual([false, true]);
  });

  describe('of a name that is missing from a list of two pages', () => {
    const many = Array.from({ length: 45 }, (_, index) =>
      row({ id: 100 + index, name: `site-${index}.example` }),
    );
    const page = (domains: HostedDomain[], confirmed = false): Listing => ({
      domains,
      complete: true,
      confirmed,
    });
    /** A pass that reads one listing after the other. */
    const shown = (...lists: Listing[]) => shownTo(goal, ...lists);
    const second = row({ id: 6 });
    const shownTo = (wanted: Partial<Goal>, ...lists: Listing[]) =>
      reconcileAt({
        goal: wanted,
        domains: wanted.secondRowPossible ? [alias, second] : [alias],
        part: () => ({
          list: async () => {
            const next = lists.shift();
            if (next === undefined) throw new Error('Nobody expected another listing');
            return next;
          },
        }),
      });

    test('is finished by a second list that lacks nothing of the first', async () => {
      const { outcome } = await shown(page(many), page([...many, row({ id: 7, name: 'new.example' })]));
      expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    });

    test('is not finished while rows go: one may have slipped to a page that had been read', async () => {
      const { outcome } = await shown(page(many), page(many.slice(1)));
      expect(outcome).toMatchObject({ kind: 'failed', error: { failure: 'passing' } });
    });

    test('deletes the row that only the second list shows', async () => {
      const { outcome, named } = await shown(
        page(many),
        page([...many.slice(1), row()]),
        page(many.slice(1)),
      );
      expect(named(DOMAIN)).toEqual([]);
      expect(outcome.observations.row).toBeNull();
    });

    test('needs no second list where nothing can have slipped', async () => {
      const { outcome } = await shown(page(many, true));
      expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    });

    test('needs none once RunCloud has deleted its row', async () => {
      const { outcome, named } = await shown(page([...many, row()]));
      expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
      expect(named(DOMAIN)).toEqual([]);
    });

    test('needs one even then where a second row may have slipped to a page that had been read', async () => {
      const twoRows = { ...goal, secondRowPossible: true };
      const byList = await shownTo(
        { ...twoRows, knownId: 5 },
        page([...many, row()]),
        page([...many, second]),
      );
      expect(byList.ops).toEqual(['remove', 'remove']);
      const sure = await shownTo({ ...twoRows, knownId: 5 }, page(many, true));
      expect(sure.outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    });

    test('answered by a mere status is under way until a list that counts lacks the row', async () => {
      const lists = [page([...many, row()]), page(many), page([...many, row()])];
      const { outcome } = await reconcileAt({
        goal,
        domains: [alias],
        part: () => ({
          remove: async () => 'unclear',
          list: async () => lists.shift() ?? page([]),
        }),
      });
      expect(outcome).toMatchObject({ kind: 'failed', observations: { unconfirmed: true } });
    });
  });

  test('takes every row of the name', async () => {
    const { outcome, named } = await reconcileAt({
      goal,
      domains: [network, alias, { id: 6, name: DOMAIN }, { id: 7, name: DOMAIN, type: 'redirect' }],
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(named(DOMAIN)).toEqual([]);
  });

  test('of a name that is primary meanwhile is refused, and deletes nothing', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { ...goal, knownId: 5 },
      domains: [{ ...alias, type: 'primary' }],
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'present', reason: 'primary-domain', row: { id: 5 }, refusal: expect.any(String) },
    });
    expect(ops).toEqual(['find']);
  });

  test('of a name that is gone already needs an application that answers', async () => {
    const { outcome, ops } = await reconcileAt({ goal: { ...goal, knownId: 5 } });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'absent' },
      observations: { answered: true },
    });
    expect(ops).toEqual(['find', 'page']);
  });

  test('is not finished by a 404 while the application is unknown too', async () => {
    const { outcome } = await reconcileAt({
      goal: { ...goal, knownId: 5 },
      onCall: failing('page', new RuncloudNotFound('Unknown', { ...observations, status: 404 })),
    });
    expect(outcome).toMatchObject({ kind: 'failed', error: { code: 'runcloud-not-found' } });
  });

  test('that another writer added first is read again', async () => {
    const { outcome, ops } = await reconcileAt({
      goal,
      domains: [network, alias],
      part: (hosting) => ({
        remove: async (id) => {
          await hosting.remove(id);
          return 'gone';
        },
      }),
    });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(ops).toEqual(['page', 'remove', 'page']);
  });

  test('answered by a mere status is read again', async () => {
    const { outcome } = await reconcileAt({
      goal,
      domains: [network, alias],
      part: (hosting) => ({
        remove: async (id) => {
          await hosting.remove(id);
          return 'unclear';
        },
      }),
    });
    expect(outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'absent' },
      observations: { row: null, unconfirmed: false },
    });
  });

  test.each([
    ['unclear', true],
    ['gone', false],
  ] as const)('answered as %s may still land, should the list be away: %s', async (answer, unconfirmed) => {
    let lists = 0;
    const { outcome } = await reconcileAt({
      goal,
      domains: [network, alias],
      part: () => ({ remove: async () => answer }),
      onCall: async ({ op }) => {
        if (op === 'page' && ++lists === 2) throw timeout();
      },
    });
    expect(outcome).toMatchObject({ kind: 'failed', observations: { unconfirmed } });
  });

  test.each([
    ['unclear', true],
    ['gone', false],
  ] as const)('answered as %s while the row stays is under watch: %s', async (answer, unconfirmed) => {
    const { outcome } = await reconcileAt({
      goal,
      domains: [network, alias],
      part: () => ({ remove: async () => answer }),
    });
    expect(outcome).toMatchObject({
      kind: 'failed',
      error: { message: `${DOMAIN} was removed, but RunCloud still lists it` },
      observations: { unconfirmed },
    });
  });

  test.each(['unclear', 'gone'] as const)(
    'answered as %s while the row stays waits, and is not repeated in the same pass',
    async (answer) => {
      let deletes = 0;
      const { outcome } = await reconcileAt({
        goal,
        domains: [network, alias],
        part: () => ({
          remove: async () => {
            deletes++;
            return answer;
          },
        }),
      });
      expect(outcome).toMatchObject({
        kind: 'failed',
        error: { failure: 'passing' },
        observations: { row: { id: 5 } },
      });
      expect(deletes).toBe(1);
    },
  );

  test('without types deletes only where the network has named its own', async () => {
    const domains = [{ ...alias, type: undefined }];
    const unnamed = await reconcileAt({ goal: { ...goal, protectedDomains: [] }, domains });
    expect(unnamed.outcome).toMatchObject({
      kind: 'settled',
      target: { state: 'present', reason: 'protected-domain' },
    });
    expect(unnamed.named(DOMAIN)).toHaveLength(1);
    const named = await reconcileAt({ goal, domains });
    expect(named.outcome.kind).toBe('settled');
  });

  test('whose answer is lost says so', async () => {
    const { outcome } = await reconcileAt({
      goal,
      domains: [network, alias],
      onDone: failing('remove', timeout()),
    });
    expect(outcome).toMatchObject({ kind: 'failed', error: { unanswered: true } });
  });
});

describe('before a write', () => {
  test('the guard is asked, and not before a read', async () => {
    const asked: string[] = [];
    await reconcileAt({
      goal: { www: true },
      domains: [network, alias],
      beforeWrite: (op) => void asked.push(op),
    });
    expect(asked).toEqual(['update']);
  });

  test('a guard that says later holds the pass, and nothing is written', async () => {
    const { outcome, ops } = await reconcileAt({
      goal: { wanted: 'absent' },
      domains: [network, alias],
      beforeWrite: () => {
        throw new NotBefore(NOW + 5, 'removals-limited');
      },
    });
    expect(outcome).toMatchObject({
      kind: 'held',
      by: { until: NOW + 5, reason: 'removals-limited' },
      observations: { row: { id: 5 } },
    });
    expect(ops).toEqual(['page']);
  });
});

test('what it does not understand is thrown', async () => {
  const pass = reconcileAt({ onCall: failing('page', new TypeError('a bug')) });
  await expect(pass).rejects.toThrow(TypeError);
});

test('a kept listing that shows the name as it should be costs no call', async () => {
  const kept = { domains: [row()], complete: true, confirmed: true };
  const { outcome, ops } = await reconcileAt({ kept });
  expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'present', row: { id: 5 } } });
  expect(ops).toEqual([]);
});

describe('a kept listing', () => {
  const kept = { domains: [row()], complete: true, confirmed: true };

  const empty = { domains: [], complete: true, confirmed: true };

  test('that lacks the name is followed by an addition, which RunCloud refuses if the name has come since', async () => {
    expect((await reconcileAt({ kept: empty })).ops).toEqual(['add']);
    const late = await reconcileAt({ kept: empty, domains: [network, alias] });
    expect(late.ops).toEqual(['add', 'page']);
    expect(late.outcome).toMatchObject({ kind: 'settled', target: { state: 'present', row: { id: 5 } } });
  });

  test('that is incomplete shows nothing missing', async () => {
    const part = { ...empty, complete: false };
    expect((await reconcileAt({ kept: part })).ops).toEqual(['page', 'add']);
    expect((await reconcileAt({ kept: part, goal: { wanted: 'absent' } })).ops).toEqual(['page']);
  });

  test('that lacks the name ends a removal without a call', async () => {
    const { outcome, ops } = await reconcileAt({ kept: empty, goal: { wanted: 'absent' } });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(ops).toEqual([]);
  });

  test('that lacks the name and is not confirmed is confirmed by a second one', async () => {
    const unsure = { ...empty, confirmed: false };
    const { outcome, ops } = await reconcileAt({ kept: unsure, goal: { wanted: 'absent' } });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(ops).toEqual(['page']);
  });

  test('that shows rows of a name to be removed has each read before it is deleted', async () => {
    const twice = { ...kept, domains: [row(), row({ id: 6 })] };
    const domains = [network, alias, { id: 6, name: DOMAIN }];
    const goal = { wanted: 'absent', secondRowPossible: true } as const;
    const { outcome, ops } = await reconcileAt({ kept: twice, goal, domains, acceptsDuplicates: true });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(ops).toEqual(['find', 'remove', 'find', 'remove']);
  });

  test('that shows a row which has become primary, or has gone, since', async () => {
    const promoted = await reconcileAt({
      kept,
      goal: { wanted: 'absent' },
      domains: [{ ...alias, type: 'primary' }],
    });
    expect(promoted.ops).toEqual(['find']);
    expect(promoted.outcome).toMatchObject({ target: { state: 'present', reason: 'primary-domain' } });
    const gone = await reconcileAt({ kept, goal: { wanted: 'absent' } });
    expect(gone.ops).toEqual(['find', 'page']);
    expect(gone.outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
  });

  test('serves no update: the row is read first', async () => {
    const { ops } = await reconcileAt({ kept, goal: { www: true }, domains: [network, alias] });
    expect(ops).toEqual(['page', 'update', 'page']);
  });
});
