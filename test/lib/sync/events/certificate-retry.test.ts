import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { recordRetry } from '../../../../lib/sync/events/record-retry.ts';
import { recordUpdate } from '../../../../lib/sync/events/record-update.ts';
import type { CertificateRetry } from '../../../../lib/sync/ledger/desired-state.ts';
import { freshNetwork } from '../../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, domainKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import {
  BASE_MS,
  certificateItem,
  DOMAIN,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  settledItem,
  update,
} from '../../../support/sync/items.ts';
import { at, older } from './times.ts';

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

  describe('in a network that no pass has come to', () => {
    test('writes the item of the network first: the sweep finds certificates by it', async () => {
      const { ledger } = await worldWith();
      const written: string[] = [];
      const watched: Ledger = {
        ...ledger,
        write: (key, item, writes) => {
          written.push(key.item);
          return ledger.write(key, item, writes);
        },
      };
      await recordRetry(watched, retry(), retryAt);
      expect(written).toEqual(['network', `certificate#${DOMAIN}`]);
      expect(await ledger.networks()).toEqual([NETWORK]);
    });

    test('is not written without it', async () => {
      const { ledger, certificate } = await worldWith();
      const throttled: Ledger = {
        ...ledger,
        read: (key) =>
          key.kind === 'network' ? Promise.reject(new Unavailable('ledger')) : ledger.read(key),
      };
      await expect(recordRetry(throttled, retry(), retryAt)).rejects.toMatchObject({ what: 'ledger' });
      expect(await certificate()).toBeUndefined();
    });

    test('writes an item without a schedule once more: 0.1.0 did not list it', async () => {
      const { ledger } = await worldWith();
      ledger.put(networkKey(NETWORK), freshNetwork(NETWORK));
      const { writes } = (await ledger.read(networkKey(NETWORK))) ?? { writes: 0 };
      await recordRetry(ledger, retry(), retryAt);
      expect(await ledger.read(networkKey(NETWORK))).toEqual({
        item: freshNetwork(NETWORK),
        writes: writes + 1,
      });
    });

    test.each([
      ['leaves one with a schedule as it is', false],
      ['leaves one that cannot be read as it is', true],
    ])('%s', async (_, spoilt) => {
      const { ledger, certificate } = await worldWith();
      const network = { ...freshNetwork(NETWORK), sendAt: NOW };
      ledger.put(networkKey(NETWORK), network);
      if (spoilt) await ledger.spoil(networkKey(NETWORK));
      expect(await recordRetry(ledger, retry(), retryAt)).toMatchObject({ status: 'accepted' });
      expect(ledger.peek(networkKey(NETWORK))).toEqual(network);
      expect(await certificate()).toMatchObject({ wanted: true });
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

  test.each([
    [
      'waits for DNS',
      { state: 'waiting-dns', dueAt: NOW + HOUR, sendAt: NOW + HOUR },
      { dueAt: NOW, sendAt: NOW },
    ],
    [
      'is checked by a worker that did not know it',
      { owner: 'worker-1', leaseUntil: NOW + HOUR, dueAt: NOW + HOUR, sendAt: NOW + HOUR },
      { dueAt: NOW, sendAt: NOW + HOUR, owner: 'worker-1' },
    ],
    [
      'waits for something else',
      { dueAt: NOW + HOUR, sendAt: NOW + HOUR },
      { dueAt: NOW + HOUR, revision: 3 },
    ],
  ] as const)('a DNS confirmation that comes late resumes one that %s', async (_, known, expected) => {
    const { ledger, certificate } = await worldWith();
    const [proof, { version }] = proofAndLater;
    ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ revision: 3, version, ...known }));
    expect(await recordRetry(ledger, retry(proof), retryAt)).toMatchObject({ status: 'superseded' });
    expect(await certificate()).toMatchObject({ revision: 4, ...expected });
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
