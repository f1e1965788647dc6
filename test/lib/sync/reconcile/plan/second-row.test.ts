import { expect, test } from '@jest/globals';
import { mayHaveSecondRow } from '../../../../../lib/sync/reconcile/plan/second-row.ts';
import { DAY, domainItem, NOW, networkItem, SECOND } from '../../../../support/sync/items.ts';

function item(wroteAt: number | null) {
  return domainItem({ wroteAt });
}

test('a second row is possible of an unknown network', () => {
  expect(mayHaveSecondRow(item(null), undefined)).toBe(true);
  expect(mayHaveSecondRow(item(NOW - DAY), networkItem())).toBe(true);
});

test('none is possible once RunCloud has refused a name that was there', () => {
  expect(mayHaveSecondRow(item(NOW), networkItem({ refusesDuplicates: true }))).toBe(false);
});

test('none is possible of a name that a comparison saw once, if its last write had landed by then', () => {
  const seen = networkItem({ singleRowsAt: NOW });
  expect(mayHaveSecondRow(item(null), seen)).toBe(false);
  expect(mayHaveSecondRow(item(NOW - 41 * SECOND), seen)).toBe(false);
  expect(mayHaveSecondRow(item(NOW - 40 * SECOND), seen)).toBe(true);
  expect(mayHaveSecondRow(item(NOW + SECOND), seen)).toBe(true);
});
