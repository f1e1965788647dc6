import { describe, expect, test } from '@jest/globals';
import { isMissing, UnexpectedRows } from '../../../../lib/sync/drift/unexpected-rows.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { HostedDomain } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { APP, DOMAIN, domainItem, HOUR, NOW, row, SECOND, settledItem } from '../../../support/sync/items.ts';

const BEGUN = NOW + HOUR;
function instant(ms: number) {
  return new Date(ms).toISOString();
}
function serving(...names: readonly string[]) {
  return { serves: (name: string) => names.includes(name) };
}
function missing(part: Partial<DomainItem>, ...names: readonly string[]) {
  return isMissing(settledItem(part), BEGUN, { app: APP, reading: serving(...names) });
}

describe('a domain is missing', () => {
  test('when it was settled as present and nothing in the list serves it', () => {
    expect(missing({})).toBe(true);
    expect(missing({}, DOMAIN)).toBe(false);
  });

  test('also where a wildcard or an apex served it, once that does no longer', () => {
    const native = { native: true, runcloudId: null, reason: 'covered-by-wildcard' };
    expect(missing(native, '*.acme-bikes.com')).toBe(false);
    expect(missing(native, '*.network.example')).toBe(true);
    expect(missing({ domain: 'www.acme-bikes.com', reason: 'served-by-apex' }, 'www.acme-bikes.com')).toBe(
      false,
    );
    expect(missing({ domain: 'www.acme-bikes.com', reason: 'served-by-apex' }, 'acme-bikes.com')).toBe(true);
  });

  test('under a wildcard too, unless it is a subdomain of the network itself', () =>
    expect(missing({ native: false }, '*.acme-bikes.com')).toBe(true));

  test.each<[string, Partial<DomainItem>]>([
    ['is open work', { dueAt: BEGUN, sendAt: BEGUN }],
    ['is in work', { owner: 'worker-1' }],
    ['has failed', { state: 'failed' }],
    ['is wanted absent', { wanted: 'absent', state: 'absent' }],
    ['was settled after the list was begun', { since: instant(BEGUN + SECOND) }],
    ['was settled just before, by a clock that may be behind', { since: instant(BEGUN - 30 * SECOND) }],
    ['was written about just before', { wroteAt: BEGUN - 30 * SECOND }],
  ])('not when it %s', (_, part) => expect(missing(part)).toBe(false));

  test('when the last write about it is long over', () =>
    expect(missing({ wroteAt: BEGUN - 41 * SECOND })).toBe(true));
});

describe('a row of RunCloud', () => {
  const extrasOf = (
    rows: readonly Partial<HostedDomain>[],
    items: readonly DomainItem[],
    protectedDomains: readonly string[] = ['network.example'],
  ) => {
    const hosted = rows.map((part, id) => row({ id, ...part }));
    const unexpected = new UnexpectedRows(hosted, { begunAt: BEGUN, protectedDomains });
    for (const item of items) unexpected.explain(item);
    return { unwanted: unexpected.unwanted, unknown: unexpected.unknown };
  };
  const gone = (part: Partial<DomainItem> = {}) =>
    settledItem({ wanted: 'absent', state: 'absent', runcloudId: null, ...part });
  const nothing = { unwanted: [], unknown: [] };

  test('that the multisite never spoke of is unknown', () =>
    expect(extrasOf([{}, { name: 'stray.example' }], [settledItem()])).toEqual({
      unwanted: [],
      unknown: ['stray.example'],
    }));

  test('that was removed and is there again is unwanted', () =>
    expect(extrasOf([{}], [gone()])).toEqual({ unwanted: [DOMAIN], unknown: [] }));

  test.each<[string, DomainItem]>([
    ['is wanted', settledItem()],
    ['is wanted and open', domainItem()],
    ['is still to be removed', domainItem({ wanted: 'absent' })],
    ['may be what a lost answer left', gone({ dueAt: BEGUN, sendAt: BEGUN, ambiguousUntil: BEGUN })],
    [
      'could not be removed, which its dead letter says',
      gone({ state: 'failed', reason: 'runcloud-refused' }),
    ],
    ['was removed after the list was begun', gone({ since: instant(BEGUN + SECOND) })],
    ['was removed just before', gone({ wroteAt: BEGUN - 30 * SECOND })],
  ])('is not worth a word when it %s', (_, item) => expect(extrasOf([{}], [item])).toEqual(nothing));

  test('of the network’s own is never reported: primary, protected, their www. and wildcards', () => {
    const own = [
      { name: 'network.example', type: 'primary' as const },
      { name: 'first.example', type: 'primary' as const },
      { name: 'www.network.example' },
      { name: '*.network.example' },
      { name: '*.first.example' },
      { name: 'www.first.example' },
    ];
    expect(extrasOf(own, [])).toEqual(nothing);
    expect(extrasOf([{ name: 'own.example' }], [], ['own.example'])).toEqual(nothing);
    expect(
      extrasOf([{ name: 'network.example', type: 'primary' }], [gone({ domain: 'network.example' })]),
    ).toEqual(nothing);
  });

  test('that serves the www. of a wanted domain, or covers one, is explained by it', () => {
    const rows = [
      { name: `www.${DOMAIN}` },
      { name: '*.acme-bikes.com' },
      { name: 'acme-bikes.com', wildcard: true },
    ];
    expect(extrasOf(rows, [settledItem()])).toEqual(nothing);
    expect(extrasOf(rows, [gone()]).unknown).toEqual([`www.${DOMAIN}`, '*.acme-bikes.com', 'acme-bikes.com']);
  });

  test('whose parent is wanted is explained only if it has the wildcard flag', () =>
    expect(extrasOf([{ name: 'acme-bikes.com' }], [settledItem()]).unknown).toEqual(['acme-bikes.com']));

  test('for a www. that was removed is unwanted, although its bare name is wanted', () => {
    const items = [settledItem(), gone({ domain: `www.${DOMAIN}` })];
    for (const order of [items, items.toReversed()]) {
      expect(extrasOf([{}, { name: `www.${DOMAIN}` }], order)).toEqual({
        unwanted: [`www.${DOMAIN}`],
        unknown: [],
      });
    }
  });
});
