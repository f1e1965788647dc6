import { describe, expect, test } from '@jest/globals';
import { certificateKey, domainKey } from '../../../../lib/sync/ledger/keys.ts';
import {
  type ListState,
  listStates,
  listStatus,
  matchesState,
} from '../../../../lib/sync/status/list-domains.ts';
import { toSummary } from '../../../../lib/sync/status/view.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { putCertificate, putDomain } from '../../../support/api/read-world.ts';
import { certificateItem, domainItem, NOW, settledItem } from '../../../support/sync/items.ts';

const waiting = certificateItem({ state: 'waiting-dns', dueAt: NOW });
const failed = settledItem({ state: 'failed' });

describe('a domain is', () => {
  test.each<[string, ListState[], ReturnType<typeof toSummary>]>([
    ['settled in every respect', [], toSummary(settledItem(), certificateItem({ state: 'valid' }))],
    ['to be added', ['open'], toSummary(domainItem(), undefined)],
    ['to be removed', ['open'], toSummary(domainItem({ wanted: 'absent' }), undefined)],
    ['paused with its network', ['open'], toSummary(domainItem({ state: 'paused' }), undefined)],
    ['waiting for a certificate', ['open'], toSummary(settledItem(), certificateItem({ dueAt: NOW }))],
    ['waiting for the customer', ['waiting-dns'], toSummary(settledItem(), waiting)],
    ['waiting for the customer and tried again', ['open', 'waiting-dns'], toSummary(domainItem(), waiting)],
    ['failed', ['failed'], toSummary(failed, undefined)],
    [
      'without a certificate for good',
      ['failed'],
      toSummary(settledItem(), certificateItem({ state: 'failed' })),
    ],
    [
      'removed, its request for a certificate not yet closed',
      [],
      toSummary(settledItem({ wanted: 'absent', state: 'absent' }), waiting),
    ],
  ])('%s: in %j', (_what, states, summary) => {
    expect(listStates.filter((state) => matchesState(summary, state))).toEqual(states);
    expect(matchesState(summary, undefined)).toBe(true);
  });
});

function name(index: number) {
  return `d${String(index).padStart(4, '0')}.example.com`;
}

/** So many settled domains; those at `failedAt` have failed. */
async function filled(count: number, failedAt: readonly number[] = []) {
  const ledger = memoryLedger();
  for (let index = 0; index < count; index += 1) {
    const state = failedAt.includes(index) ? 'failed' : 'present';
    await putDomain(ledger, settledItem({ domain: name(index), state }));
  }
  return ledger;
}

describe('a name that cannot be read', () => {
  test('is named beside the others, whatever state is asked for, and on one page only', async () => {
    const ledger = await filled(5, [0, 4]);
    await ledger.spoil(domainKey('demo', name(1)));
    await putCertificate(ledger, certificateItem({ domain: name(3) }));
    await ledger.spoil(certificateKey('demo', name(3)));
    const listed = async (state: ListState | undefined, limit: number, after?: string) => {
      const list = await listStatus(ledger, 'demo', { state, limit, after });
      return { ...list, domains: list.domains.map(({ domain }) => domain) };
    };
    expect(await listed(undefined, 10)).toEqual({
      domains: [name(0), name(2), name(4)],
      unreadable: [name(1), name(3)],
      after: undefined,
    });
    const bad = [name(1), name(3)];
    expect(await listed('failed', 10)).toMatchObject({ domains: [name(0), name(4)], unreadable: bad });
    expect(await listed(undefined, 1)).toEqual({ domains: [name(0)], unreadable: [], after: name(0) });
    expect(await listed(undefined, 1, name(0))).toMatchObject({ domains: [name(2)], unreadable: [name(1)] });
  });
});

async function all(
  ledger: ReturnType<typeof memoryLedger>,
  query: { state: ListState | undefined; limit: number },
) {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const list = await listStatus(ledger, 'demo', { ...query, after });
    pages.push(list.domains.map(({ domain }) => domain));
    after = list.after;
  } while (after !== undefined);
  return pages;
}

test('pages are full, in order of the names, and the last one ends the list', async () => {
  const ledger = await filled(6);
  expect(await all(ledger, { state: undefined, limit: 4 })).toEqual([
    [name(0), name(1), name(2), name(3)],
    [name(4), name(5)],
  ]);
  expect(await all(ledger, { state: undefined, limit: 3 })).toHaveLength(2);
});

test('a filter fills its pages over many pages of the ledger', async () => {
  const ledger = await filled(250, [0, 120, 240, 249]);
  expect(await all(ledger, { state: 'failed', limit: 3 })).toEqual([
    [name(0), name(120), name(240)],
    [name(249)],
  ]);
  expect(await all(ledger, { state: 'failed', limit: 4 })).toEqual([
    [name(0), name(120), name(240), name(249)],
  ]);
});

test('one call reads a bounded part of the ledger and says where to continue', async () => {
  const ledger = await filled(620, [610]);
  const first = await listStatus(ledger, 'demo', { state: 'failed', limit: 10, after: undefined });
  expect(first).toEqual({ domains: [], unreadable: [], after: name(499) });
  const second = await listStatus(ledger, 'demo', { state: 'failed', limit: 10, after: first.after });
  expect(second.domains.map(({ domain }) => domain)).toEqual([name(610)]);
  expect(second.after).toBeUndefined();
});

test('each row comes with its own certificate, and with no other network’s', async () => {
  const ledger = await filled(3);
  await putCertificate(ledger, certificateItem({ domain: name(1), state: 'valid', via: 'edge' }));
  await putDomain(ledger, settledItem({ network: 'other', domain: name(2) }));
  const { domains } = await listStatus(ledger, 'demo', { state: undefined, limit: 100, after: undefined });
  expect(domains.map(({ certificate }) => certificate.state)).toEqual(['none', 'valid', 'none']);
});
