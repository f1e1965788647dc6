import { describe, expect, test } from '@jest/globals';
import { domainKey } from '../../../../../lib/sync/ledger/keys.ts';
import { KeptListings } from '../../../../../lib/sync/network/listing/kept-listings.ts';
import { storeListing } from '../../../../../lib/sync/network/listing/stored-listing.ts';
import { isCurrent, usableListing } from '../../../../../lib/sync/reconcile/converge/usable-listing.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import {
  APP,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  OTHER_APP,
  row,
  SECOND,
} from '../../../../support/sync/items.ts';

const read = { domains: [row()], complete: true, confirmed: true, begunAt: NOW, doneAt: NOW + MINUTE };
const removal = domainItem({ wanted: 'absent', recordedAt: NOW - 6 * SECOND });

describe('a list says something about a wanted domain', () => {
  const at = (now: number, part = {}) => isCurrent(domainItem(part), read, now);

  test('for a minute from the end of its reading', () => {
    expect([at(NOW + 2 * MINUTE), at(NOW + 2 * MINUTE + 1)]).toEqual([true, false]);
  });

  test('unless a write about it may have landed since its reading began', () => {
    expect(at(NOW + MINUTE, { wroteAt: NOW - 41 * SECOND })).toBe(true);
    expect(at(NOW + MINUTE, { wroteAt: NOW - 40 * SECOND })).toBe(false);
    expect(at(NOW + MINUTE, { ambiguousUntil: NOW - 6 * SECOND })).toBe(true);
    expect(at(NOW + MINUTE, { ambiguousUntil: NOW - 5 * SECOND })).toBe(false);
  });

  test('unless it is to be parked', () => {
    expect(at(NOW + MINUTE, { parking: { reason: 'dns-none', at: NOW } })).toBe(false);
  });
});

describe('a list says something about a removal', () => {
  test('for five minutes, if its reading began after the removal was recorded by clocks that agree within five seconds', () => {
    expect(isCurrent(removal, read, NOW + 6 * MINUTE)).toBe(true);
    expect(isCurrent(removal, read, NOW + 6 * MINUTE + 1)).toBe(false);
    expect(isCurrent({ ...removal, recordedAt: NOW - 5 * SECOND }, read, NOW + MINUTE)).toBe(false);
  });

  test('not where it is unknown when it was recorded, nor after a write that may have landed since', () => {
    expect(isCurrent({ ...removal, recordedAt: null }, read, NOW + MINUTE)).toBe(false);
    expect(isCurrent({ ...removal, wroteAt: NOW - SECOND }, read, NOW + MINUTE)).toBe(false);
  });
});

describe('the list that another worker has read', () => {
  async function world(app = APP) {
    const ledger = memoryLedger();
    const { domains: rows, ...times } = read;
    await storeListing(ledger, NETWORK, app, { ...times, reading: null, rows });
    const s = { ledger, clock: { now: () => NOW + MINUTE }, listings: new KeptListings() };
    const stored = networkItem({ listing: { begunAt: NOW, doneAt: NOW + MINUTE } });
    return { ledger, s, stored };
  }

  test('is loaded once, and kept', async () => {
    const { ledger, s, stored } = await world();
    expect(await usableListing(removal, { app: APP, stored }, s)).toEqual(read);
    const away = { ...s, ledger: { ...ledger, read: async () => Promise.reject(new Error('not again')) } };
    expect(await usableListing(removal, { app: APP, stored }, away)).toEqual(read);
  });

  test('is of no use where it is another application’s, or its network does not name it', async () => {
    const other = await world(OTHER_APP);
    expect(await usableListing(removal, { app: APP, stored: other.stored }, other.s)).toBeUndefined();
    const { s } = await world();
    expect(await usableListing(removal, { app: APP, stored: networkItem() }, s)).toBeUndefined();
  });

  test('is of no use for a name whose www. was written about since', async () => {
    const { ledger, s, stored } = await world();
    const name = domainItem({ domain: 'acme.example' });
    const www = (wroteAt: number | null) => domainItem({ domain: 'www.acme.example', wroteAt });
    ledger.put(domainKey(NETWORK, 'www.acme.example'), www(NOW - 10 * SECOND));
    expect(await usableListing(name, { app: APP, stored }, s)).toBeUndefined();
    ledger.put(domainKey(NETWORK, 'www.acme.example'), www(null));
    expect(await usableListing(name, { app: APP, stored }, s)).toEqual(read);
    await ledger.spoil(domainKey(NETWORK, 'www.acme.example'));
    expect(await usableListing(name, { app: APP, stored }, s)).toBeUndefined();
  });

  test('is of no use for a www. whose name is being added, as its lease has recorded', async () => {
    const { ledger, s, stored } = await world();
    const www = domainItem({ domain: 'www.acme.example' });
    const attempt = { op: 'add', startedAt: NOW - 10 * SECOND } as const;
    ledger.put(domainKey(NETWORK, 'acme.example'), domainItem({ domain: 'acme.example', attempt }));
    expect(await usableListing(www, { app: APP, stored }, s)).toBeUndefined();
  });
});
