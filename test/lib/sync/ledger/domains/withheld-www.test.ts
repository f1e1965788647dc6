import { describe, expect, test } from '@jest/globals';
import { applyUpdate } from '../../../../../lib/sync/events/record-update.ts';
import {
  giveWwwBack,
  isWwwWithheld,
  withholdWww,
} from '../../../../../lib/sync/ledger/domains/withheld-www.ts';
import { DAY, NOW, SECOND, settledItem, update, written } from '../../../../support/sync/items.ts';

const served = settledItem({ www: true, wwwServed: true });
const withheld = { ...served, wwwWithheld: { at: NOW, over: false } };

describe('www. is withheld', () => {
  test('for a week, and its domain becomes due', () => {
    const rule = withholdWww(NOW)(served);
    expect(rule.result).toBe(NOW);
    expect(written(rule)).toMatchObject({
      wwwWithheld: { at: NOW, over: false },
      history: [{ what: 'www-withheld' }],
      dueAt: NOW,
      revision: 2,
    });
    expect([0, 7 * DAY - 1, 7 * DAY].map((ms) => isWwwWithheld(withheld, NOW + ms))).toEqual([
      true,
      true,
      false,
    ]);
    expect(isWwwWithheld(served, NOW)).toBe(false);
  });

  test('once in a week: a second request learns since when, or that it was given back', () => {
    expect(withholdWww(NOW + DAY)(withheld)).toEqual({ result: NOW });
    const over = { ...served, wwwWithheld: { at: NOW, over: true } };
    expect(withholdWww(NOW + DAY)(over)).toEqual({ result: null });
    expect(withholdWww(NOW + 7 * DAY)(over).result).toBe(NOW + 7 * DAY);
  });

  test('never of a domain that is to be absent', () => {
    expect(withholdWww(NOW)({ ...served, wanted: 'absent' })).toEqual({ result: null });
    expect(withholdWww(NOW)(undefined)).toEqual({ result: null });
  });

  test('until it is given back: for good, or so that it may be withheld again', () => {
    const back = written(giveWwwBack(NOW + DAY, { anew: false })(withheld));
    expect(back).toMatchObject({ wwwWithheld: { at: NOW, over: true }, dueAt: NOW + DAY, revision: 2 });
    expect(written(giveWwwBack(NOW + DAY, { anew: true })(withheld))).toMatchObject({ wwwWithheld: null });
    expect(giveWwwBack(NOW, { anew: true })(back)).toEqual({ result: undefined });
    expect(giveWwwBack(NOW, { anew: true })(served)).toEqual({ result: undefined });
  });

  test('also when the domain is announced again, and forgotten when it is removed', () => {
    const at = { now: NOW + SECOND, baseMs: SECOND };
    expect(written(applyUpdate(withheld, update({ www: true }), at))).toMatchObject({
      wwwWithheld: { at: NOW },
    });
    expect(written(applyUpdate(withheld, update({ wanted: 'absent' }), at))).toMatchObject({
      wwwWithheld: null,
    });
  });
});
