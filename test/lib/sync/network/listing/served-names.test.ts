import { expect, test } from '@jest/globals';
import { isMissing } from '../../../../../lib/sync/drift/unexpected-rows.ts';
import { ListReading } from '../../../../../lib/sync/network/listing/list-reading.ts';
import { servedNames, servesWww } from '../../../../../lib/sync/network/listing/served-names.ts';
import { plan } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { fc } from '../../../../support/property.ts';
import { APP, DAY, NOW, row, settledItem } from '../../../../support/sync/items.ts';

const APEX = 'acme-bikes.com';

test('a row serves its name, its www. and its wildcard', () => {
  expect(servedNames(row({ name: APEX }))).toEqual([APEX]);
  expect(servedNames(row({ name: APEX, www: true, wildcard: true }))).toEqual([
    APEX,
    `www.${APEX}`,
    `*.${APEX}`,
  ]);
  expect(servedNames(row({ name: `*.${APEX}`, wildcard: true }))).toEqual([`*.${APEX}`]);
});

test('a row that sends its visitors elsewhere serves nothing', () => {
  const away = row({ name: APEX, type: 'redirect', www: true, wildcard: true });
  expect([servedNames(away), servesWww(away)]).toEqual([[], false]);
});

test.each([
  ['non-www', [APEX]],
  ['www', [APEX, `www.${APEX}`]],
  ['none', [APEX, `www.${APEX}`]],
  [undefined, [APEX, `www.${APEX}`]],
] as const)(
  'with the redirection %s it does not serve a www. whose visitors it sends away',
  (redirection, names) => {
    const named = row({ name: APEX, www: true, redirection });
    expect(servedNames(named)).toEqual(names);
    expect(servesWww(named)).toBe(true);
  },
);

test('the redirection of the network’s own row is its operator’s', () => {
  const own = row({ name: APEX, type: 'primary', www: true, redirection: 'non-www' });
  expect(servedNames(own)).toEqual([APEX, `www.${APEX}`]);
});

test('an older API does not say whether a row serves its www.', () => {
  expect(servesWww(row({ type: undefined, www: undefined }))).toBeNull();
});

test('the daily comparison reopens a www. whose visitors a row has begun to send away', () => {
  const reading = new ListReading();
  const apex = row({ name: APEX, www: true, redirection: 'non-www' });
  reading.add({ domains: [apex], unreadable: 0, lastPage: 1, total: 1, more: false });
  const item = settledItem({ domain: `www.${APEX}`, reason: 'served-by-apex', runcloudId: null });
  expect(isMissing(item, NOW + DAY, { app: APP, reading })).toBe(true);
});

test('what a pass settles as present, the daily comparison does not report as missing', () => {
  const rows = fc.array(
    fc.record({
      name: fc.constantFrom(APEX, `www.${APEX}`, `shop.${APEX}`, `*.${APEX}`, 'network.example'),
      type: fc.constantFrom('primary' as const, 'alias' as const, 'redirect' as const, undefined),
      www: fc.constantFrom(true, false, undefined),
      redirection: fc.constantFrom('none' as const, 'www' as const, 'non-www' as const, undefined),
      wildcard: fc.boolean(),
    }),
    { maxLength: 4 },
  );
  const request = fc.record({
    domain: fc.constantFrom(APEX, `www.${APEX}`, `shop.${APEX}`),
    www: fc.boolean(),
    native: fc.boolean(),
  });
  fc.assert(
    fc.property(rows, request, (named, { domain, www, native }) => {
      const domains = named.map((part, index) => ({ ...part, id: index + 1 }));
      const ids = { knownId: null, parkable: null } as const;
      const goal = { domain, wanted: 'present', announced: true, www, native, ...ids } as const;
      const action = plan(
        { ...goal, blind: false, ambiguous: false, protectedDomains: [], secondRowPossible: false },
        { via: 'list', rows: domains, complete: true, confirmed: true },
      );
      fc.pre(action.do === 'end');
      const reading = new ListReading();
      reading.add({ domains, unreadable: 0, lastPage: 1, total: domains.length, more: false });
      const item = settledItem({ domain, native, runcloudId: null });
      expect(isMissing(item, NOW + DAY, { app: APP, reading })).toBe(false);
    }),
  );
});
