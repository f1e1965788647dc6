import { expect, test } from '@jest/globals';
import { emptyWorkItem, makeDue } from '../../../../../lib/sync/ledger/items/work-item.ts';
import { NOW } from '../../../../support/sync/items.ts';

test('making work due raises its revision', () => {
  expect(makeDue(emptyWorkItem, NOW, NOW + 5)).toEqual({ revision: 1, dueAt: NOW, sendAt: NOW + 5 });
  expect(makeDue({ revision: 41 }, NOW, NOW).revision).toBe(42);
});

test('an unchecked item is not due and owes nothing', () => {
  expect(emptyWorkItem).toMatchObject({ dueAt: null, sendAt: null, owner: null, toSend: [] });
});
