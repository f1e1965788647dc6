import { describe, expect, test } from '@jest/globals';
import { reopenMissing } from '../../../../lib/sync/drift/reopen-missing.ts';
import { APP, DAY, domainItem, NOW, SECOND, settledItem, written } from '../../../support/sync/items.ts';

const at = { app: APP, begunAt: NOW + DAY, now: NOW + DAY, dueAt: NOW + DAY + SECOND };

describe('a domain that is gone from RunCloud', () => {
  test('is open work again, as if it had just been announced', () => {
    const { write, result } = reopenMissing(at)(
      settledItem({ wwwServed: true, answered: true, attempts: 3 }),
    );
    expect(result).toBe(true);
    expect(write).toMatchObject({
      state: 'pending',
      reason: null,
      runcloudId: null,
      wwwServed: null,
      answered: false,
      attempts: 0,
      dueAt: at.dueAt,
      sendAt: at.dueAt,
    });
    expect(write?.history.at(-1)).toMatchObject({ what: 'missing', detail: "not in RunCloud's list" });
  });

  test.each([
    ['is not known', undefined],
    ['is under way', domainItem()],
    ['is wanted absent now', settledItem({ wanted: 'absent' })],
    ['has failed', settledItem({ state: 'failed' })],
  ])('stays as it is where it %s', (_title, item) => {
    expect(reopenMissing(at)(item)).toEqual({ result: false });
  });

  test('keeps what the ledger says of it otherwise', () => {
    const item = settledItem({ siteId: 7, domainId: 8 });
    expect(written(reopenMissing(at)(item))).toMatchObject({ siteId: 7, domainId: 8, version: item.version });
  });
});
