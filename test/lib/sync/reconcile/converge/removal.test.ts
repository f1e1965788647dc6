import { describe, expect, test } from '@jest/globals';
import { RuncloudNotFound } from '../../../../../lib/runcloud/errors.ts';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import type { Listing } from '../../../../../lib/sync/network/listing/listing.ts';
import type { Goal } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { DOMAIN, row } from '../../../../support/sync/items.ts';
import { alias, failing, network, observations, reconcileAt, timeout } from './reconcile-at.ts';

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
      const more = [...many, row({ id: 7, name: 'new.example' })];
      const { outcome, confirmed } = await shown(page(many), page(more));
      expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
      // Other passes may rely on the two.
      expect(confirmed).toMatchObject([{ first: { domains: many }, second: { domains: more } }]);
    });

    test('is not finished while rows go: one may have slipped to a page that had been read', async () => {
      const { outcome, confirmed } = await shown(page(many), page(many.slice(1)));
      expect(outcome).toMatchObject({ kind: 'failed', error: { failure: 'passing' } });
      expect(confirmed).toEqual([]);
    });

    test('is not finished by a second list that is incomplete', async () => {
      const { outcome, confirmed } = await shown(page(many), { ...page(many), complete: false });
      expect(outcome).toMatchObject({ kind: 'failed', error: { failure: 'passing' } });
      expect(confirmed).toEqual([]);
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
