import { describe, expect, test } from '@jest/globals';
import { applyUpdate, recordUpdate } from '../../../../lib/sync/events/record-update.ts';
import { domainKey } from '../../../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import {
  APP,
  DOMAIN,
  domainItem,
  NETWORK,
  NOW,
  owedDeadLetter,
  settledItem,
  update,
  written,
} from '../../../support/sync/items.ts';
import { at, older } from './times.ts';

describe('a newer update', () => {
  test('replaces what is wanted, and its version decides from now on', () => {
    const item = written(
      applyUpdate(settledItem(), update({ wanted: 'absent', www: true, native: true }), at),
    );
    expect(item).toMatchObject({
      wanted: 'absent',
      version: update().version,
      www: true,
      native: true,
      state: 'removing',
      since: '2026-11-21T05:00:30.250Z',
    });
  });

  test.each(['msg_0', 'msg_2'])('is also the later arrival with the same timestamp: %s', (id) => {
    const { timestamp } = domainItem().version;
    const later = applyUpdate(domainItem(), update({ wanted: 'absent', version: { timestamp, id } }), at);
    expect(later.result.status).toBe('accepted');
    expect(later.write).toMatchObject({ wanted: 'absent', version: { timestamp, id } });
  });

  test('raises the revision, so that a running pass cannot end the new request', () => {
    expect(written(applyUpdate(settledItem({ revision: 8 }), update(), at)).revision).toBe(9);
  });

  test('leaves the lease to its owner and what a write may still do under watch', () => {
    const held = {
      owner: 'worker-1',
      leaseUntil: NOW + 60_000,
      attempt: { op: 'remove', startedAt: NOW - 5 },
      ambiguousUntil: NOW + 900_000,
      wroteAt: NOW - 5,
    } as const;
    expect(written(applyUpdate(domainItem(held), update(), at))).toMatchObject(held);
  });

  test('still owes the dead letter of a failure before it', () => {
    const toSend = [owedDeadLetter];
    const failed = domainItem({ state: 'failed', dueAt: null, toSend });
    expect(written(applyUpdate(failed, update(), at)).toSend).toEqual(toSend);
  });

  test('resets all counts', () => {
    const tired = domainItem({
      attempts: 7,
      waitedMs: 9,
      refusedMs: 9,
      firstFailureAt: 5,
      crashes: 4,
      answered: true,
    });
    expect(written(applyUpdate(tired, update(), at))).toMatchObject({
      attempts: 0,
      waitedMs: 0,
      refusedMs: 0,
      firstFailureAt: null,
      crashes: 0,
      answered: false,
    });
  });

  test('keeps the id under which RunCloud has the domain, so that the pass reads instead of posting', () => {
    expect(written(applyUpdate(settledItem(), update(), at)).runcloudId).toEqual({ id: 5, ...APP });
  });

  test('that wants what is there leaves it present since when it was', () => {
    const before = settledItem();
    expect(written(applyUpdate(before, update(), at))).toMatchObject({
      state: 'present',
      since: before.since,
    });
  });

  test('lets a domain that was to be forgotten stay', () => {
    expect(written(applyUpdate(settledItem({ expiresAt: 1 }), update(), at)).expiresAt).toBeNull();
  });

  test('that names no ids does not lose the ones known', () => {
    const item = settledItem({ siteId: 3, domainId: 4 });
    const recorded = written(applyUpdate(item, update({ siteId: null, domainId: null }), at));
    expect(recorded).toMatchObject({ siteId: 3, domainId: 4 });
  });

  test('is written into the history', () => {
    const { history } = written(applyUpdate(undefined, update({ wanted: 'absent' }), at));
    expect(history).toEqual([{ at: '2026-11-21T05:00:30.250Z', what: 'accepted', detail: 'domain.removed' }]);
  });
});

describe('any other update changes nothing', () => {
  test('the same update again is a duplicate, and says whether its work is open', () => {
    const { version } = domainItem();
    const repeat = update({ version });
    expect(applyUpdate(domainItem(), repeat, at)).toEqual({
      result: { status: 'duplicate', latest: version.timestamp, open: true },
    });
    expect(applyUpdate(settledItem(), repeat, at).result).toMatchObject({ status: 'duplicate', open: false });
  });

  test('an older update is superseded, and the answer names the one that decided', () => {
    expect(applyUpdate(settledItem(), update({ version: older, wanted: 'absent' }), at)).toEqual({
      result: { status: 'superseded', latest: '2026-11-21T05:00:00.123Z', open: false },
    });
  });

  test('an id that comes again after a later one with the same timestamp stays superseded', () => {
    const { version } = domainItem();
    const removal = update({ wanted: 'absent', version: { ...version, id: 'msg_0' } });
    const item = written(applyUpdate(domainItem(), removal, at));
    expect(applyUpdate(item, update({ version }), at)).toEqual({
      result: { status: 'superseded', latest: version.timestamp, open: true },
    });
  });

  test('what was removed later is not revived by an old addition', async () => {
    const ledger = memoryLedger();
    await recordUpdate(ledger, update({ wanted: 'absent' }), at);
    await recordUpdate(ledger, update({ version: older }), at);
    expect((await ledger.read(domainKey(NETWORK, DOMAIN)))?.item.wanted).toBe('absent');
  });
});
