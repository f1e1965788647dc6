import { describe, expect, test } from '@jest/globals';
import { applyUpdate } from '../../../../lib/sync/events/record-update.ts';
import {
  domainItem,
  HOUR,
  MINUTE,
  NOW,
  owedDeadLetter,
  settledItem,
  update,
  written,
} from '../../../support/sync/items.ts';
import { at } from './times.ts';

describe('a removal can be taken back', () => {
  const graceMs = 15 * MINUTE;
  const until = NOW + graceMs;
  const inGrace = { ...at, graceMs };
  const removal = update({ wanted: 'absent' });
  const again = update({ version: { timestamp: '2026-11-21T05:00:40.000Z', id: 'msg_3' } });
  const served = settledItem({ reason: 'served-by-apex', history: [] });
  const later = { ...inGrace, now: NOW + MINUTE };

  test('it waits, visibly and without a message, and the domain stays served', () => {
    const { write, result } = applyUpdate(served, removal, inGrace);
    expect(result).toMatchObject({ status: 'accepted', open: false });
    expect(write).toMatchObject({
      state: 'removing',
      reason: 'grace-period',
      dueAt: until,
      sendAt: until,
      grace: {
        until,
        before: { reason: 'served-by-apex', since: served.since, www: false, native: false, parking: null },
      },
    });
  });

  test('an addition restores what was, and leaves nothing to do', () => {
    const item = written(applyUpdate(served, removal, inGrace));
    const { write, result } = applyUpdate(item, again, later);
    expect(result).toMatchObject({ status: 'accepted', open: false });
    expect(write).toEqual({
      ...served,
      version: again.version,
      siteId: 12,
      domainId: 57,
      recordedAt: later.now,
      revision: served.revision + 2,
      // It was served all the time, so nothing is waited for, and nothing will be measured.
      askedAt: null,
      // The multisite is told, though no pass follows.
      told: {
        state: 'present',
        reason: 'served-by-apex',
        inReplyTo: 'msg_3',
        since: served.since,
        at: expect.any(Number),
      },
      toSend: [expect.objectContaining({ kind: 'outcome', type: 'domain.settled', inReplyTo: 'msg_3' })],
      sendAt: later.now,
      history: [
        expect.objectContaining({ what: 'accepted', detail: 'domain.removed' }),
        expect.objectContaining({ what: 'accepted', detail: 'domain.added' }),
        expect.objectContaining({ what: 'present', detail: 'served-by-apex' }),
      ],
    });
  });

  test.each([
    ['settled again', {}, { dueAt: null }],
    ['and checked where another www is wanted', { www: true }, { dueAt: later.now }],
  ])('a name that was parked is parked once more, %s', (_, wanted, expected) => {
    const parking = { reason: 'dns-mismatch' as const, at: NOW - HOUR };
    const parked = settledItem({ state: 'parked', reason: 'dns-mismatch', parking, runcloudId: null });
    const item = written(applyUpdate(parked, removal, inGrace));
    expect(item).toMatchObject({ state: 'removing', reason: 'grace-period', parking: null });
    expect(written(applyUpdate(item, { ...again, ...wanted }, later))).toMatchObject({
      wanted: 'present',
      state: 'parked',
      reason: 'dns-mismatch',
      parking,
      grace: null,
      ...expected,
    });
  });

  test('a dead letter that is still owed is sent then', () => {
    const item = written(applyUpdate({ ...served, toSend: [owedDeadLetter] }, removal, inGrace));
    expect(written(applyUpdate(item, again, later))).toMatchObject({ dueAt: null, sendAt: later.now });
  });

  test.each([
    ['another www is wanted', {}, { www: true }],
    ['a wildcard may cover it now', {}, { native: true }],
    ['a pass has begun', { owner: 'worker-1', leaseUntil: until }, {}],
    ['a write was begun', { attempt: { op: 'remove', startedAt: NOW } } as const, {}],
    ['a write may still land', { ambiguousUntil: until }, {}],
    ['what it returns to no longer holds', { grace: { until, before: null } }, {}],
    ['a pass has gone beyond it', { grace: null }, {}],
  ])('it needs a pass where %s', (_, changed, wanted) => {
    const item = { ...written(applyUpdate(served, removal, inGrace)), ...changed };
    expect(written(applyUpdate(item, { ...again, ...wanted }, later))).toMatchObject({
      wanted: 'present',
      grace: null,
      reason: null,
      dueAt: later.now,
    });
  });

  test.each([
    ['unknown', undefined],
    ['not settled', domainItem()],
    ['failed', settledItem({ state: 'failed' })],
  ])('a domain that was %s has nothing to return to, and waits as well', (_, item) => {
    expect(written(applyUpdate(item, removal, inGrace))).toMatchObject({
      dueAt: until,
      grace: { before: null },
    });
  });

  test('a second removal does not extend it, and one that comes during a pass leaves nothing to return to', () => {
    const item = written(applyUpdate(served, removal, inGrace));
    const second = { ...again, wanted: 'absent' } as const;
    const repeated = written(applyUpdate(item, second, later));
    expect(repeated).toMatchObject({ dueAt: until, reason: 'grace-period', grace: item.grace });
    const during = written(applyUpdate({ ...item, owner: 'worker-1' }, second, later));
    expect(during.grace).toEqual({ until, before: null });
    const after = written(applyUpdate(item, second, { ...inGrace, now: until + MINUTE }));
    expect(after).toMatchObject({ dueAt: until + MINUTE, reason: null });
  });

  test('a removal that was followed already has no grace', () => {
    const gone = settledItem({ wanted: 'absent', state: 'absent' });
    expect(written(applyUpdate(gone, removal, inGrace))).toMatchObject({ dueAt: NOW, grace: null });
  });

  test('without a grace it is due now', () => {
    expect(written(applyUpdate(served, removal, at))).toMatchObject({
      dueAt: NOW,
      reason: null,
      grace: null,
    });
  });
});
