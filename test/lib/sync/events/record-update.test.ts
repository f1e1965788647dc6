import { describe, expect, test } from '@jest/globals';
import { recordRetry } from '../../../../lib/sync/events/record-retry.ts';
import { applyUpdate, recordUpdate } from '../../../../lib/sync/events/record-update.ts';
import type { CertificateRetry } from '../../../../lib/sync/ledger/desired-state.ts';
import { certificateKey, domainKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import {
  APP,
  BASE_MS,
  certificateItem,
  DOMAIN,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  owedDeadLetter,
  settledItem,
  update,
  written,
} from '../../../support/sync/items.ts';

const at = { now: NOW, baseMs: BASE_MS };
const older = { timestamp: '2026-11-21T04:59:59.999Z', id: 'msg_9' };

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
      told: { state: 'present', reason: 'served-by-apex', inReplyTo: 'msg_3', since: served.since },
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
    const toSend = [
      {
        kind: 'dead-letter',
        id: 'dead-letter-1',
        revision: 1,
        code: 'runcloud-refused',
        reason: 'RunCloud refused',
        firstFailureAt: 1,
        lastFailureAt: 2,
      },
    ] as const;
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

describe('a request for a certificate now', () => {
  const retryAt = { ...at, baseMs: 2 * BASE_MS, domainBaseMs: BASE_MS };
  const retry = (part: Partial<CertificateRetry> = {}): CertificateRetry => {
    const { wanted: _, ...rest } = update();
    return { ...rest, reason: 'manual', ...part };
  };
  const worldWith = async (domain = settledItem()) => {
    const ledger = memoryLedger();
    await ledger.write(domainKey(NETWORK, DOMAIN), domain, 0);
    const certificate = async () => (await ledger.read(certificateKey(NETWORK, DOMAIN)))?.item;
    const stored = async () => (await ledger.read(domainKey(NETWORK, DOMAIN)))?.item;
    return { ledger, certificate, stored };
  };

  test('makes the certificate due, with the margin of certificates', async () => {
    const { ledger, certificate } = await worldWith();
    const acceptance = await recordRetry(ledger, retry({ reason: 'dns_ready' }), retryAt);
    expect(acceptance).toEqual({ status: 'accepted', latest: '2026-11-21T05:00:30.000Z', open: false });
    expect(await certificate()).toMatchObject({
      wanted: true,
      state: 'pending',
      dnsReadyAt: Date.parse('2026-11-21T05:00:30.000Z'),
      revision: 1,
      dueAt: NOW,
      sendAt: NOW + 8 * BASE_MS,
    });
  });

  const proofAndLater = [
    { reason: 'dns_ready', version: { timestamp: '2026-11-21T05:00:30.000Z', id: 'msg_1' } },
    { reason: 'ssl_failed', version: { timestamp: '2026-11-21T05:00:31.000Z', id: 'msg_2' } },
  ] as const;

  test.each([
    ['after it', proofAndLater],
    ['before it', proofAndLater.toReversed()],
  ])('a DNS confirmation outlives a newer retry that comes %s', async (_, updates) => {
    const { ledger, certificate } = await worldWith();
    const statuses: string[] = [];
    for (const update of updates) statuses.push((await recordRetry(ledger, retry(update), retryAt)).status);
    expect(statuses).toEqual(['accepted', updates === proofAndLater ? 'accepted' : 'superseded']);
    expect(await certificate()).toMatchObject({
      version: proofAndLater[1].version,
      dnsReadyAt: Date.parse(proofAndLater[0].version.timestamp),
    });
  });

  test('a proof is never replaced by an older one, nor by one from the future', async () => {
    const { ledger, certificate } = await worldWith();
    const proof = (timestamp: string, id: string) =>
      recordRetry(ledger, retry({ reason: 'dns_ready', version: { timestamp, id } }), retryAt);
    await proof('2026-11-21T05:00:30.000Z', 'msg_2');
    await proof('2026-11-21T04:00:00.000Z', 'msg_1');
    expect((await certificate())?.dnsReadyAt).toBe(Date.parse('2026-11-21T05:00:30.000Z'));
    await proof(new Date(NOW + MINUTE).toISOString(), 'msg_3');
    expect((await certificate())?.dnsReadyAt).toBe(NOW);
  });

  test('changes neither what is wanted of the domain nor its version', async () => {
    const { ledger, stored } = await worldWith();
    await recordRetry(ledger, retry(), retryAt);
    expect(await stored()).toEqual(settledItem());
  });

  test('keeps what is known of a certificate that was asked for before', async () => {
    const { ledger, certificate } = await worldWith();
    const known = certificateItem({
      state: 'waiting-dns',
      reason: 'dns-none',
      attempts: 3,
      notAfter: '2027-01-01T00:00:00.000Z',
    });
    await ledger.write(certificateKey(NETWORK, DOMAIN), known, 0);
    await recordRetry(ledger, retry(), retryAt);
    expect(await certificate()).toMatchObject({
      state: 'waiting-dns',
      reason: 'dns-none',
      notAfter: '2027-01-01T00:00:00.000Z',
      attempts: 0,
      version: retry().version,
    });
  });

  test('gives one that had failed another try, which may fail with a dead letter of its own', async () => {
    const { ledger, certificate } = await worldWith();
    const known = certificateItem({ state: 'failed', reason: 'order-failed', fix: 'Look at RunCloud' });
    await ledger.write(certificateKey(NETWORK, DOMAIN), known, 0);
    await recordRetry(ledger, retry(), retryAt);
    expect(await certificate()).toMatchObject({ state: 'pending', reason: null, fix: null });
  });

  test('has a version of its own: twice is a duplicate, an older one is superseded', async () => {
    const { ledger, certificate } = await worldWith();
    await recordRetry(ledger, retry(), retryAt);
    const after = await certificate();
    expect(await recordRetry(ledger, retry(), retryAt)).toMatchObject({ status: 'duplicate' });
    expect(await recordRetry(ledger, retry({ version: older }), retryAt)).toMatchObject({
      status: 'superseded',
      latest: '2026-11-21T05:00:30.000Z',
    });
    expect(await certificate()).toEqual(after);
  });

  test('is superseded by the removal of its domain, whichever is newer', async () => {
    const { ledger, certificate } = await worldWith(domainItem({ wanted: 'absent' }));
    expect(await recordRetry(ledger, retry(), retryAt)).toEqual({
      status: 'superseded',
      latest: '2026-11-21T05:00:00.123Z',
      open: true,
    });
    expect(await certificate()).toBeUndefined();
  });

  test('for an unknown domain counts as its addition too', async () => {
    const ledger = memoryLedger();
    const acceptance = await recordRetry(ledger, retry({ www: true }), retryAt);
    expect(acceptance).toMatchObject({ status: 'accepted', open: true });
    expect((await ledger.read(domainKey(NETWORK, DOMAIN)))?.item).toMatchObject({
      wanted: 'present',
      www: true,
      version: retry().version,
      dueAt: NOW,
      sendAt: NOW + 4 * BASE_MS,
    });
  });

  test.each([
    ['a newer', { timestamp: '2026-11-21T05:00:31.000Z', id: 'msg_8' }],
    ['an older', older],
  ])('that %s removal overtakes is superseded by it, and no request is written', async (_, version) => {
    const ledger = memoryLedger();
    let overtaken = false;
    const overtaking: Ledger = {
      ...ledger,
      read: async (key) => {
        const stored = await ledger.read(key);
        if (!overtaken) await recordUpdate(ledger, update({ wanted: 'absent', version }), at);
        overtaken = true;
        return stored;
      },
    };
    const acceptance = await recordRetry(overtaking, retry(), retryAt);
    expect(acceptance).toEqual({ status: 'superseded', latest: version.timestamp, open: true });
    expect((await ledger.read(domainKey(NETWORK, DOMAIN)))?.item).toMatchObject({
      wanted: 'absent',
      version,
    });
    expect(await ledger.read(certificateKey(NETWORK, DOMAIN))).toBeUndefined();
  });

  test('says that the domain’s own work is open', async () => {
    const { ledger } = await worldWith(domainItem());
    expect(await recordRetry(ledger, retry(), retryAt)).toMatchObject({ status: 'accepted', open: true });
  });

  test('with the same timestamp counts if it arrives later, and is superseded if it comes again after that', async () => {
    const { ledger } = await worldWith();
    const { timestamp } = retry().version;
    const arrives = async (id: string) =>
      (await recordRetry(ledger, retry({ version: { timestamp, id } }), retryAt)).status;
    expect(await arrives('msg_b')).toBe('accepted');
    expect(await arrives('msg_a')).toBe('accepted');
    expect(await arrives('msg_b')).toBe('superseded');
    expect(await arrives('msg_a')).toBe('duplicate');
  });

  test('opens a request that had been closed', async () => {
    const { ledger, certificate } = await worldWith();
    const closed = certificateItem({ wanted: false, state: 'none', expiresAt: 5 });
    await ledger.write(certificateKey(NETWORK, DOMAIN), closed, 0);
    await recordRetry(ledger, retry(), retryAt);
    expect(await certificate()).toMatchObject({ wanted: true, state: 'pending', expiresAt: null });
  });
});
