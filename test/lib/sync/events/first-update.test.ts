import { describe, expect, test } from '@jest/globals';
import { recordRetry } from '../../../../lib/sync/events/record-retry.ts';
import { applyUpdate } from '../../../../lib/sync/events/record-update.ts';
import { domainKey } from '../../../../lib/sync/ledger/keys.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import {
  BASE_MS,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  update,
  written,
} from '../../../support/sync/items.ts';
import { at, older } from './times.ts';

describe('the first update of a domain', () => {
  test('is accepted and makes it due now, with a message of the sweep after the API handler’s own', () => {
    const { write, result } = applyUpdate(undefined, update(), at);
    expect(result).toEqual({ status: 'accepted', latest: '2026-11-21T05:00:30.000Z', open: true });
    expect(write).toMatchObject({
      wanted: 'present',
      state: 'pending',
      revision: 1,
      dueAt: NOW,
      sendAt: NOW + 4 * BASE_MS,
      siteId: 12,
      domainId: 57,
      runcloudId: null,
      answered: false,
      askedAt: at.now,
    });
  });

  test('may be that it goes: then there is something to remove until RunCloud says otherwise', () => {
    expect(written(applyUpdate(undefined, update({ wanted: 'absent' }), at)).state).toBe('removing');
  });
});

describe('nothing is deleted that was never announced', () => {
  const addition = update({ version: older });
  const removing = domainItem({ wanted: 'absent', announced: false, version: update().version });
  const refused = domainItem({
    ...removing,
    state: 'failed',
    reason: 'not-announced',
    dueAt: null,
    sendAt: null,
    attempts: 3,
  });

  test('a removal of an unknown domain does not announce it, an addition does', () => {
    const removal = update({ wanted: 'absent' });
    expect(written(applyUpdate(undefined, removal, at)).announced).toBe(false);
    expect(written(applyUpdate(undefined, update(), at)).announced).toBe(true);
    expect(written(applyUpdate(domainItem(), removal, at)).announced).toBe(true);
    const before = domainItem({ ...removing, version: domainItem().version });
    expect(written(applyUpdate(before, removal, at)).announced).toBe(false);
  });

  test('an item of before this was recorded shows it by what it wants', () => {
    const before = domainItem({ announced: false });
    expect(written(applyUpdate(before, update({ wanted: 'absent' }), at)).announced).toBe(true);
  });

  test('an addition that comes late is superseded, and makes a removal that failed for want of it due again', () => {
    const { write, result } = applyUpdate(refused, addition, at);
    expect(result).toEqual({ status: 'superseded', latest: update().version.timestamp, open: true });
    expect(write).toMatchObject({
      wanted: 'absent',
      version: update().version,
      announced: true,
      state: 'removing',
      reason: null,
      attempts: 0,
      revision: refused.revision + 1,
      dueAt: NOW,
      sendAt: NOW + 4 * BASE_MS,
    });
    expect(write?.history.at(-1)).toMatchObject({ what: 'announced', detail: 'domain.added' });
  });

  test('one that comes while the removal is under way keeps its schedule, and its pass from ending without it', () => {
    const dueAt = NOW + MINUTE;
    const waiting = domainItem({ ...removing, dueAt, sendAt: dueAt, owner: 'worker-1', leaseUntil: dueAt });
    expect(written(applyUpdate(waiting, addition, at))).toMatchObject({
      announced: true,
      dueAt,
      sendAt: dueAt,
      owner: 'worker-1',
      revision: waiting.revision + 1,
    });
  });

  test.each([
    ['ended', { state: 'absent', reason: null } as const],
    ['failed for another reason', { state: 'failed', reason: 'runcloud-refused' } as const],
  ])('one that comes when the removal has %s changes nothing else', (_, stood) => {
    const done = domainItem({ ...removing, ...stood, dueAt: null, sendAt: null });
    const { write, result } = applyUpdate(done, addition, at);
    expect(result.open).toBe(false);
    expect(write).toEqual({
      ...done,
      announced: true,
      history: [expect.objectContaining({ what: 'announced' })],
    });
    expect(applyUpdate(write, addition, at).write).toBeUndefined();
  });

  test('an older removal announces nothing', () => {
    expect(applyUpdate(refused, update({ wanted: 'absent', version: older }), at).write).toBeUndefined();
  });

  test.each([older, { timestamp: '2026-11-21T06:00:00.000Z', id: 'msg_8' }])(
    'a retry announces too, whichever is newer: %j',
    async (version) => {
      const ledger = memoryLedger();
      await ledger.write(domainKey(NETWORK, DOMAIN), refused, 0);
      const retry = { ...update({ version }), reason: 'manual' } as const;
      const acceptance = await recordRetry(ledger, retry, { ...at, domainBaseMs: BASE_MS });
      expect(acceptance).toEqual({ status: 'superseded', latest: update().version.timestamp, open: true });
      const item = (await ledger.read(domainKey(NETWORK, DOMAIN)))?.item;
      expect(item).toMatchObject({ wanted: 'absent', announced: true, state: 'removing', dueAt: NOW });
      expect(item?.history.at(-1)).toMatchObject({ what: 'announced', detail: 'domain.ssl_retry' });
    },
  );
});
