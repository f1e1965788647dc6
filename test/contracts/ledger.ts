import { describe, expect, test } from '@jest/globals';
import {
  appOrdersKey,
  certificateKey,
  certificateWorkKey,
  claimKey,
  comparisonKey,
  domainKey,
  domainOrdersKey,
  identityKey,
  type Key,
  type Kind,
  listingKey,
  networkKey,
  noticesKey,
  outcomeKey,
  rateLimitKey,
  type StoredItems,
  sweepKey,
} from '../../lib/sync/ledger/keys.ts';
import type { DueWork, Ledger } from '../../lib/sync/ledger/ports.ts';
import { freshRateLimit } from '../../lib/sync/network/limits/slots.ts';
import { fc } from '../support/property.ts';
import {
  bareDomain,
  certificate,
  certificateWork,
  comparison,
  fullDomain,
  listing,
  manyRows,
  network,
  notices,
  outcome,
  readingState,
} from './ledger-items.ts';

async function roundTrip<K extends Kind>(ledger: Ledger, key: Key<K>, item: StoredItems[K]) {
  expect(await ledger.write(key, item, 0)).toBe(true);
  expect(await ledger.read(key)).toEqual({ item, writes: 1 });
}

/** Adds one to a number in the ledger, as often as it takes to get through. */
async function increment(ledger: Ledger): Promise<void> {
  const key = rateLimitKey('0123456789abcdef');
  const stored = await ledger.read(key);
  const nextFreeAt = (stored?.item.nextFreeAt ?? 0) + 1;
  const done = await ledger.write(key, { ...freshRateLimit, nextFreeAt }, stored?.writes ?? 0);
  if (!done) await increment(ledger);
}

interface SpoilableLedger extends Ledger {
  /** A newer version writes this item, in a way that ours cannot read. */
  spoil(key: Key<'domain' | 'certificate' | 'network'>): Promise<void>;
}

/** What the rules above the port rely on, whatever lies below it. */
export function ledgerContract(name: string, emptyLedger: () => Promise<SpoilableLedger>) {
  describe(name, () => {
    test('every kind of item comes back as it was written, nulls included', async () => {
      const ledger = await emptyLedger();
      await roundTrip(ledger, domainKey('default', 'bare.example.com'), bareDomain('bare.example.com'));
      await roundTrip(ledger, domainKey('default', 'full.example.com'), fullDomain('full.example.com'));
      await roundTrip(ledger, certificateKey('default', 'a.example.com'), certificate('a.example.com'));
      await roundTrip(ledger, networkKey('default'), network());
      await roundTrip(ledger, certificateWorkKey('default'), certificateWork());
      await roundTrip(ledger, comparisonKey('default'), comparison());
      await roundTrip(
        ledger,
        comparisonKey('long'),
        comparison({
          nextPage: 217,
          reading: readingState,
          total: 20_000,
          served: 'x'.repeat(320_000),
          expiresAt: null,
        }),
      );
      await roundTrip(ledger, listingKey('default', 0), listing());
      const unfinished = { doneAt: null, complete: false, confirmed: false, reading: readingState };
      await roundTrip(ledger, listingKey('default', 1), listing({ ...unfinished, rows: manyRows(5_000) }));
      await roundTrip(ledger, domainOrdersKey('default', 'example.com'), {
        orders: [{ at: 1, set: '0123456789abcdef', names: ['0011223344556677'], failed: true }],
        expiresAt: 9,
      });
      await roundTrip(ledger, appOrdersKey('default'), { times: [1, 2], expiresAt: 9 });
      await roundTrip(ledger, noticesKey('default'), notices());
      await roundTrip(ledger, outcomeKey('default', 'msg_1'), outcome());
      const { toSend } = network();
      for (const content of toSend) {
        await roundTrip(ledger, outcomeKey('default', 'msg_2'), outcome({ content, expiresAt: 9 }));
      }
      await roundTrip(ledger, claimKey('7', '9'), { network: 'default', renewedAt: 5 });
      await roundTrip(ledger, rateLimitKey('ab'), {
        nextFreeAt: 1,
        limitPerMinute: 60,
        lines: [{ network: 'default', calls: 3, endsAt: 7, movedMs: 2 }],
        calls: { month: '2026-11', count: 3 },
        expiresAt: 9,
      });
      await roundTrip(ledger, sweepKey, { owner: null, leaseUntil: 0, nextNetwork: 'default' });
      await roundTrip(ledger, identityKey, { tableId: 'a-table' });
    });

    test('an item that was never written is undefined', async () => {
      expect(await (await emptyLedger()).read(networkKey('nobody'))).toBeUndefined();
    });

    test('items that are read together come as each would alone, as they were then', async () => {
      const ledger = await emptyLedger();
      const there = networkKey('default');
      const missing = networkKey('missing');
      const spoilt = networkKey('spoilt');
      const domain = domainKey('default', 'a.example.com');
      await ledger.write(there, network(), 0);
      await ledger.write(domain, bareDomain('a.example.com'), 0);
      await ledger.write(spoilt, network(), 0);
      await ledger.spoil(spoilt);
      const read = await ledger.readAll([there, missing, spoilt, domain]);
      await ledger.write(there, network({ revision: 7 }), 1);
      expect(read.of(there)).toEqual({ item: network(), writes: 1 });
      expect(read.of(domain)).toEqual({ item: bareDomain('a.example.com'), writes: 1 });
      expect(read.of(missing)).toBeUndefined();
      expect(() => read.of(spoilt)).toThrow(expect.objectContaining({ name: 'UnreadableItem' }));
    });

    test('only a write over the state that was read goes in', async () => {
      const ledger = await emptyLedger();
      const key = networkKey('default');
      expect(await ledger.write(key, network(), 1)).toBe(false);
      expect(await ledger.write(key, network({ revision: 1 }), 0)).toBe(true);
      expect(await ledger.write(key, network({ revision: 2 }), 0)).toBe(false);
      expect(await ledger.write(key, network({ revision: 2 }), 1)).toBe(true);
      expect(await ledger.write(key, network({ revision: 3 }), 1)).toBe(false);
      expect(await ledger.read(key)).toEqual({ item: network({ revision: 2 }), writes: 2 });
    });

    test('a new item is created, and one that is there comes back instead, in the state to write over', async () => {
      const ledger = await emptyLedger();
      const key = networkKey('default');
      expect(await ledger.create(key, network({ revision: 1 }))).toBeUndefined();
      expect(await ledger.create(key, network({ revision: 2 }))).toEqual({
        item: network({ revision: 1 }),
        writes: 1,
      });
      expect(await ledger.write(key, network({ revision: 3 }), 1)).toBe(true);
      expect(await ledger.create(key, network({ revision: 4 }))).toEqual({
        item: network({ revision: 3 }),
        writes: 2,
      });
    });

    test('an item that this version cannot read is not written over by a new one', async () => {
      const ledger = await emptyLedger();
      const key = networkKey('default');
      await ledger.write(key, network(), 0);
      await ledger.spoil(key);
      await expect(ledger.create(key, network())).rejects.toMatchObject({ name: 'UnreadableItem' });
    });

    test('only the state that was read is deleted, and can then be written as new', async () => {
      const ledger = await emptyLedger();
      const key = sweepKey;
      await ledger.write(key, { owner: 'a', leaseUntil: 1, nextNetwork: null }, 0);
      expect(await ledger.write(key, undefined, 2)).toBe(false);
      expect(await ledger.write(key, undefined, 1)).toBe(true);
      expect(await ledger.read(key)).toBeUndefined();
      expect(await ledger.write(key, undefined, 1)).toBe(false);
      expect(await ledger.write(key, { owner: 'b', leaseUntil: 2, nextNetwork: null }, 0)).toBe(true);
    });

    test('what was read is a copy: changing it changes nothing in the ledger', async () => {
      const ledger = await emptyLedger();
      const key = networkKey('default');
      const removals = [{ minute: 1, count: 1 }];
      await ledger.write(key, network({ removals }), 0);
      removals.push({ minute: 2, count: 2 });
      expect((await ledger.read(key))?.item.removals).toEqual([{ minute: 1, count: 1 }]);
    });

    test('work is due by the time of its message, oldest first, each kind apart, up to a limit', async () => {
      const ledger = await emptyLedger();
      for (const [domain, sendAt] of [
        ['c.example.com', 3_000],
        ['a.example.com', 1_000],
        ['later.example.com', 3_001],
        ['b.example.com', 2_000],
        ['settled.example.com', null],
      ] as const) {
        await ledger.write(
          domainKey('default', domain),
          bareDomain(domain, { sendAt, dueAt: sendAt === 2_000 ? 1_500 : null }),
          0,
        );
      }
      await ledger.write(networkKey('other'), network({ network: 'other', sendAt: 6 }), 0);

      const row = (domain: string, sendAt: number, dueAt: number | null) => ({
        network: 'default',
        item: `domain#${domain}`,
        sendAt,
        dueAt,
      });
      const all = [
        row('a.example.com', 1_000, null),
        row('b.example.com', 2_000, 1_500),
        row('c.example.com', 3_000, null),
      ];
      expect(await ledger.due('domain', 3_000, 10)).toEqual(all);
      expect(await ledger.due('domain', 3_000, 2)).toEqual(all.slice(0, 2));
      expect(await ledger.due('domain', 999, 10)).toEqual([]);
      await ledger.write(outcomeKey('default', 'msg_1'), outcome({ sendAt: 8 }), 0);
      expect(await ledger.due('outcome', 9, 10)).toEqual([
        { network: 'default', item: 'outcome#msg_1', sendAt: 8, dueAt: null },
      ]);
      await ledger.write(noticesKey('default'), notices({ sendAt: 7 }), 0);
      await ledger.write(noticesKey('other'), notices({ network: 'other', sendAt: null }), 0);
      expect(await ledger.due('notices', 9, 10)).toEqual([
        { network: 'default', item: 'notices', sendAt: 7, dueAt: null },
      ]);
      expect(await ledger.due('network', 9, 10)).toEqual([
        { network: 'other', item: 'network', sendAt: 6, dueAt: null },
      ]);
    });

    test('of one network alone only the work that is meant is shown, oldest message first, up to a limit', async () => {
      const ledger = await emptyLedger();
      const requests = [
        ['default', 'c.example.com', 3_000],
        ['default', 'a.example.com', 1_000],
        ['other', 'b.example.com', 1_500],
        ['default', 'd.example.com', 2_000],
        ['default', 'later.example.com', 3_001],
        ['default', 'settled.example.com', null],
      ] as const;
      for (const [network, domain, sendAt] of requests) {
        const dueAt = sendAt === 1_000 ? null : sendAt;
        const item = certificate(domain, { network, sendAt, dueAt });
        await ledger.write(certificateKey(network, domain), item, 0);
      }
      await ledger.write(
        domainKey('default', 'e.example.com'),
        bareDomain('e.example.com', { sendAt: 1 }),
        0,
      );

      const shown = async (limit: number, meant: (work: DueWork) => boolean = () => true) =>
        ledger.dueCertificates('default', { until: 3_000, meant, limit });
      const row = (domain: string, sendAt: number, dueAt: number | null) => ({
        network: 'default',
        item: `certificate#${domain}`,
        sendAt,
        dueAt,
      });
      const [first, second, third] = [
        row('a.example.com', 1_000, null),
        row('d.example.com', 2_000, 2_000),
        row('c.example.com', 3_000, 3_000),
      ];
      expect(await shown(10)).toEqual([first, second, third]);
      expect(await shown(2)).toEqual([first, second]);
      expect(await shown(1, ({ dueAt }) => dueAt !== null)).toEqual([second]);
      const anyOfTwo = { until: 3_000, limit: 2 };
      expect(await ledger.dueCertificates('default', anyOfTwo)).toEqual([first, second]);
      expect(await ledger.dueCertificates('unknown', { until: 9_000, meant: () => true, limit: 9 })).toEqual(
        [],
      );
    });

    test('every network is listed that has an item of its own, whether work of it is due, or it can be read', async () => {
      const ledger = await emptyLedger();
      expect(await ledger.networks()).toEqual([]);
      await ledger.write(networkKey('due'), network({ network: 'due', sendAt: 6 }), 0);
      await ledger.write(networkKey('resting'), network({ network: 'resting', sendAt: null }), 0);
      await ledger.write(networkKey('spoilt'), network({ network: 'spoilt', sendAt: null }), 0);
      await ledger.spoil(networkKey('spoilt'));
      await ledger.write(networkKey('settled'), network({ network: 'settled', sendAt: 6 }), 0);
      await ledger.write(networkKey('settled'), network({ network: 'settled', sendAt: null }), 1);
      await ledger.write(domainKey('other', 'a.example.com'), bareDomain('a.example.com', { sendAt: 6 }), 0);
      expect((await ledger.networks()).toSorted()).toEqual(['due', 'resting', 'settled', 'spoilt']);
      expect((await ledger.due('network', Date.now(), 10)).map((work) => work.network)).toEqual(['due']);
      expect(await ledger.read(networkKey('resting'))).toMatchObject({ item: { sendAt: null } });
    });

    test('no certificate that this version writes is in the form of 0.1.0', async () => {
      const ledger = await emptyLedger();
      const key = certificateKey('default', 'x.example.com');
      await ledger.write(key, certificate('x.example.com', { sendAt: 5 }), 0);
      expect(await ledger.dueOldCertificates(9, 10)).toEqual([]);
    });

    describe('an item that cannot be read', () => {
      const names = ['a.example.com', 'b.example.com', 'c.example.com'];
      const bad = domainKey('default', 'b.example.com');
      const withOneSpoilt = async () => {
        const ledger = await emptyLedger();
        for (const domain of names) {
          await ledger.write(domainKey('default', domain), bareDomain(domain, { sendAt: 5 }), 0);
        }
        await ledger.spoil(bad);
        return ledger;
      };
      const unreadable = expect.objectContaining({
        name: 'UnreadableItem',
        network: 'default',
        item: bad.item,
        message: expect.stringContaining('revision'),
      });

      test('says so, and no other does', async () => {
        const ledger = await withOneSpoilt();
        await expect(ledger.read(bad)).rejects.toEqual(unreadable);
        expect((await ledger.read(domainKey('default', 'c.example.com')))?.writes).toBe(1);
      });

      test('is not written over, neither as new nor by a caller that has read it before', async () => {
        const ledger = await withOneSpoilt();
        expect(await ledger.write(bad, bareDomain('b.example.com'), 0)).toBe(false);
        expect(await ledger.write(bad, bareDomain('b.example.com'), 1)).toBe(false);
        expect(await ledger.write(bad, undefined, 1)).toBe(false);
        await expect(ledger.read(bad)).rejects.toEqual(unreadable);
      });

      test('is due like any other', async () => {
        const ledger = await withOneSpoilt();
        const items = names.map((domain) => `domain#${domain}`);
        expect((await ledger.due('domain', 5, 10)).map(({ item }) => item).sort()).toEqual(items);
      });

      test('is named by its page, which goes on after it', async () => {
        const ledger = await withOneSpoilt();
        const first = await ledger.page('domain', 'default', undefined, 2);
        expect(first.items.map(({ domain }) => domain)).toEqual(['a.example.com']);
        expect(first.unreadable).toEqual([{ domain: 'b.example.com', error: unreadable }]);
        expect(first.cursor).toBe('b.example.com');
        const second = await ledger.page('domain', 'default', first.cursor, 2);
        expect(second.items.map(({ domain }) => domain)).toEqual(['c.example.com']);
        expect(second.unreadable).toEqual([]);
      });
    });

    test('settled work is no longer due', async () => {
      const ledger = await emptyLedger();
      const key = domainKey('default', 'a.example.com');
      await ledger.write(key, bareDomain('a.example.com', { sendAt: 1 }), 0);
      await ledger.write(key, bareDomain('a.example.com'), 1);
      expect(await ledger.due('domain', 10, 10)).toEqual([]);
    });

    test('pages walk through all names of one network and one kind, in order, and end without an empty page', async () => {
      const ledger = await emptyLedger();
      const names = ['a.example.com', 'b.example.com', 'c.example.com', 'd.example.com'];
      for (const name of [...names].reverse()) {
        await ledger.write(domainKey('default', name), bareDomain(name), 0);
        await ledger.write(certificateKey('default', name), certificate(name), 0);
      }
      await ledger.write(
        domainKey('other', 'e.example.com'),
        bareDomain('e.example.com', { network: 'other' }),
        0,
      );
      await ledger.write(networkKey('default'), network(), 0);

      const first = await ledger.page('domain', 'default', undefined, 2);
      expect(first.items).toEqual([bareDomain('a.example.com'), bareDomain('b.example.com')]);
      expect(first.cursor).toBe('b.example.com');
      const second = await ledger.page('domain', 'default', first.cursor, 2);
      expect(second.items.map(({ domain }) => domain)).toEqual(['c.example.com', 'd.example.com']);
      expect(second.cursor).toBeUndefined();
      const certificates = await ledger.page('certificate', 'default', 'b.example.com', 10);
      expect(certificates.items).toEqual([certificate('c.example.com'), certificate('d.example.com')]);
      expect(await ledger.page('domain', 'nobody', undefined, 10)).toEqual({
        items: [],
        unreadable: [],
        cursor: undefined,
      });
    });

    test('a cursor need not exist any more', async () => {
      const ledger = await emptyLedger();
      await ledger.write(domainKey('default', 'c.example.com'), bareDomain('c.example.com'), 0);
      const { items } = await ledger.page('domain', 'default', 'b.example.com', 10);
      expect(items.map(({ domain }) => domain)).toEqual(['c.example.com']);
    });

    test('of any number of writers at once none loses what it wrote', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (writers) => {
          const ledger = await emptyLedger();
          await Promise.all(Array.from({ length: writers }, () => increment(ledger)));
          expect((await ledger.read(rateLimitKey('0123456789abcdef')))?.item.nextFreeAt).toBe(writers);
        }),
        { numRuns: 6 },
      );
    });
  });
}
