import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../../../../../lib/sync/ledger/keys.ts';
import { requeueSibling } from '../../../../../lib/sync/reconcile/outcome/sibling.ts';
import type { TargetState } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { MINUTE, NETWORK, NOW, row, settledItem } from '../../../../support/sync/items.ts';

const APEX = 'acme-bikes.com';
const WWW = `www.${APEX}`;
const absent: TargetState = { state: 'absent' };
function present(www: boolean): TargetState {
  return { state: 'present', reason: null, row: row({ name: APEX, www }) };
}
function apexItem(part: Partial<DomainItem> = {}) {
  return settledItem({ domain: APEX, ...part });
}
function wwwItem(part: Partial<DomainItem> = {}) {
  return settledItem({ domain: WWW, ...part });
}

/** Whether the sibling is due after this result of the item's pass. */
async function requeues(
  item: DomainItem,
  target: TargetState | undefined,
  sibling: DomainItem,
): Promise<boolean> {
  const ledger = memoryLedger();
  const key = domainKey(NETWORK, sibling.domain);
  await ledger.write(key, sibling, 0);
  await requeueSibling(ledger, item, target, { now: NOW });
  const after = (await ledger.read(key))?.item;
  if (after?.revision === sibling.revision) return false;
  expect(after).toEqual({ ...sibling, revision: sibling.revision + 1, dueAt: NOW, sendAt: NOW });
  return true;
}

describe('a www name wanted by itself is checked again', () => {
  test('when the name that served it goes', async () => {
    expect(await requeues(apexItem({ wwwServed: true }), absent, wwwItem())).toBe(true);
  });

  test('when the name that served it loses its www', async () => {
    expect(await requeues(apexItem({ wwwServed: true }), present(false), wwwItem())).toBe(true);
  });

  test('when a lost write may have served it, and the ledger knows nothing of that', async () => {
    const item = apexItem({ wwwServed: false, ambiguousUntil: NOW + MINUTE });
    expect(await requeues(item, present(false), wwwItem())).toBe(true);
  });

  test('when the pass has seen that it was served, or has changed the row, which may have served it', async () => {
    const ledger = memoryLedger();
    await ledger.write(domainKey(NETWORK, WWW), wwwItem(), 0);
    await requeueSibling(ledger, apexItem({ wwwServed: false }), present(false), {
      now: NOW,
      servedWww: true,
    });
    expect((await ledger.read(domainKey(NETWORK, WWW)))?.item.dueAt).toBe(NOW);
  });

  test('when it is not known whether it was served', async () => {
    expect(await requeues(apexItem({ wwwServed: null }), absent, wwwItem())).toBe(true);
  });

  test('when a pass failed that may have changed the row', async () => {
    expect(await requeues(apexItem({ wwwServed: true }), undefined, wwwItem())).toBe(true);
  });

  test('not while it goes on being served', async () => {
    expect(await requeues(apexItem({ wwwServed: true }), present(true), wwwItem())).toBe(false);
  });

  test('when its own removal is taken back: it does not return to a row that has changed', async () => {
    const before = {
      reason: 'served-by-apex',
      since: wwwItem().since,
      www: false,
      native: false,
      parking: null,
    };
    const until = NOW + MINUTE;
    const removing = wwwItem({ wanted: 'absent', state: 'removing', dueAt: until, grace: { until, before } });
    const ledger = memoryLedger();
    await ledger.write(domainKey(NETWORK, WWW), removing, 0);
    await requeueSibling(ledger, apexItem({ wwwServed: true }), absent, { now: NOW });
    expect((await ledger.read(domainKey(NETWORK, WWW)))?.item).toEqual({
      ...removing,
      grace: { until, before: null },
    });
  });

  test('not when it was not served before', async () => {
    expect(await requeues(apexItem({ wwwServed: false }), absent, wwwItem())).toBe(false);
    expect(await requeues(apexItem({ wwwServed: false }), undefined, wwwItem())).toBe(false);
  });

  test('not if it is wanted absent', async () => {
    expect(await requeues(apexItem({ wwwServed: true }), absent, wwwItem({ wanted: 'absent' }))).toBe(false);
  });

  test('not if it has failed: a sibling’s change is no update', async () => {
    expect(await requeues(apexItem({ wwwServed: true }), absent, wwwItem({ state: 'failed' }))).toBe(false);
  });
});

describe('a name that wants its www is checked again', () => {
  test('when the row of its www has gone', async () => {
    expect(await requeues(wwwItem({ wanted: 'absent' }), absent, apexItem({ www: true }))).toBe(true);
  });

  test('when the removal of its www failed, for it may have worked all the same', async () => {
    expect(await requeues(wwwItem({ wanted: 'absent' }), undefined, apexItem({ www: true }))).toBe(true);
  });

  test('not when its www stays', async () => {
    const target: TargetState = { state: 'present', reason: null, row: row({ name: WWW }) };
    expect(await requeues(wwwItem(), target, apexItem({ www: true }))).toBe(false);
    expect(await requeues(wwwItem(), undefined, apexItem({ www: true }))).toBe(false);
  });

  test('not if it does not want its www', async () => {
    expect(await requeues(wwwItem({ wanted: 'absent' }), absent, apexItem({ www: false }))).toBe(false);
  });
});

describe('a name that is parked', () => {
  const parked: TargetState = { state: 'parked' };
  const parking = { reason: 'dns-none', at: NOW } as const;

  test('requeues its sibling when its row is taken out', async () => {
    expect(await requeues(wwwItem({ parking }), parked, apexItem({ www: true }))).toBe(true);
    expect(await requeues(apexItem({ parking, wwwServed: true }), parked, wwwItem())).toBe(true);
  });

  test('requeues none while it stays parked: two of them would requeue each other for ever', async () => {
    const apex = apexItem({ state: 'parked', parking, www: true, wwwServed: null });
    const www = wwwItem({ state: 'parked', parking });
    expect(await requeues(www, parked, apex)).toBe(false);
    expect(await requeues(apex, parked, www)).toBe(false);
  });
});

test('a sibling that was not announced is not invented', async () => {
  const ledger = memoryLedger();
  await requeueSibling(ledger, apexItem({ wwwServed: true }), absent, { now: NOW });
  expect(ledger.all('domain')).toEqual([]);
});
