import { describe, expect, test } from '@jest/globals';
import { NotBefore } from '../../../../../lib/sync/ledger/errors.ts';
import type { Hosting } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { readListing } from '../../../../../lib/sync/network/listing/listing.ts';
import { DOMAIN, NOW, row } from '../../../../support/sync/items.ts';
import { alias, failing, network, reconcileAt } from './reconcile-at.ts';

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

describe('a list that an earlier pass has begun to read', () => {
  test('has each row read before it is deleted: it may have changed since', async () => {
    const goal = { wanted: 'absent' } as const;
    const { outcome, ops } = await reconcileAt({ resumed: true, goal, domains: [network, alias] });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(ops).toEqual(['page', 'find', 'remove']);
  });

  test('is followed by another where a second row of a removed name may have slipped', async () => {
    const goal = { wanted: 'absent', secondRowPossible: true } as const;
    const part = (hosting: Hosting) => ({
      list: async () => ({ ...(await readListing(hosting)), confirmed: false }),
    });
    const { outcome, ops } = await reconcileAt({ resumed: true, goal, part, domains: [network, alias] });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(ops).toEqual(['page', 'find', 'remove', 'page', 'page']);
  });

  test('shows a wanted name that is there', async () => {
    const { outcome, ops } = await reconcileAt({ resumed: true, domains: [network, alias] });
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'present', row: { id: 5 } } });
    expect(ops).toEqual(['page']);
  });
});
