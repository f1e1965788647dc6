import { describe, expect, test } from '@jest/globals';
import { UnreadableItem } from '../../../../lib/errors.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import {
  certificateKey,
  domainKey,
  type Key,
  type Kind,
  networkKey,
  rateLimitKey,
} from '../../../../lib/sync/ledger/keys.ts';
import { KnownCredentials } from '../../../../lib/sync/network/known-credentials.ts';
import { freshRateLimit } from '../../../../lib/sync/network/limits/slots.ts';
import { readTogether } from '../../../../lib/sync/reconcile/read-together.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import {
  certificateItem,
  DOMAIN,
  domainItem,
  NETWORK,
  networkItem,
  settledItem,
} from '../../../support/sync/items.ts';

const FINGERPRINT = 'f00dfeedf00dfeed';
const WWW = `www.${DOMAIN}`;

/** A ledger with all that a pass may need, and what each call of it asked for. */
function storedWorld({ knows = true } = {}) {
  const ledger = memoryLedger();
  const credentials = new KnownCredentials();
  if (knows) credentials.note(NETWORK, FINGERPRINT);
  ledger.put(networkKey(NETWORK), networkItem({ readsFirst: true }));
  ledger.put(rateLimitKey(FINGERPRINT), { ...freshRateLimit, nextFreeAt: 7 });
  ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem());
  ledger.put(domainKey(NETWORK, WWW), settledItem({ domain: WWW }));
  const asked: Key<Kind>[][] = [];
  const watched = {
    ...ledger,
    readAll: (keys: readonly Key<Kind>[]) => {
      asked.push([...keys]);
      return ledger.readAll(keys);
    },
  };
  return {
    ledger,
    asked,
    read: (part: Partial<DomainItem> = {}) =>
      readTogether(domainItem(part), { ledger: watched, credentials }),
  };
}

describe('a pass reads in one call', () => {
  test('of a wanted name: its network, the limit of the last credential, its certificate and its www.', async () => {
    const { read, asked } = storedWorld();
    const { network, rateLimit, certificate, sibling } = await read();
    expect(network).toMatchObject({ item: { readsFirst: true }, writes: 1 });
    expect(rateLimit).toMatchObject({ fingerprint: FINGERPRINT, seen: { item: { nextFreeAt: 7 } } });
    expect(certificate).toMatchObject({ item: { domain: DOMAIN }, writes: 1 });
    expect(sibling).toMatchObject({ item: { domain: WWW }, writes: 1 });
    expect(asked).toEqual([
      [
        networkKey(NETWORK),
        rateLimitKey(FINGERPRINT),
        certificateKey(NETWORK, DOMAIN),
        domainKey(NETWORK, WWW),
      ],
    ]);
  });

  test('of a name to be removed: nothing that only a wanted one needs', async () => {
    const { read, asked } = storedWorld();
    const { certificate, sibling } = await read({ wanted: 'absent' });
    expect([certificate, sibling]).toEqual([undefined, undefined]);
    expect(asked).toEqual([[networkKey(NETWORK), rateLimitKey(FINGERPRINT)]]);
  });

  test('of a www. name: no name that has another www. before it', async () => {
    const { read, asked } = storedWorld();
    expect((await read({ domain: WWW })).sibling).toBeUndefined();
    expect(asked).toEqual([[networkKey(NETWORK), rateLimitKey(FINGERPRINT), certificateKey(NETWORK, WWW)]]);
  });

  test('no limit before this worker has seen a credential', async () => {
    const { read, asked } = storedWorld({ knows: false });
    expect((await read()).rateLimit).toBeUndefined();
    expect(asked[0]?.map(({ kind }) => kind)).not.toContain('rateLimit');
  });

  test('what is not stored, as never written', async () => {
    const { read } = storedWorld();
    const { certificate } = await read({ domain: 'other.example' });
    expect(certificate).toEqual({ item: undefined, writes: 0 });
  });
});

describe('an item that this version cannot read', () => {
  test('is left to whatever needs it', async () => {
    const { read, ledger } = storedWorld();
    await ledger.spoil(rateLimitKey(FINGERPRINT));
    await ledger.spoil(certificateKey(NETWORK, DOMAIN));
    await ledger.spoil(domainKey(NETWORK, WWW));
    expect(await read()).toMatchObject({ rateLimit: undefined, certificate: undefined, sibling: undefined });
  });

  test('ends the pass where it is the network: a move could not be seen', async () => {
    const { read, ledger } = storedWorld();
    await ledger.spoil(networkKey(NETWORK));
    await expect(read()).rejects.toThrow(UnreadableItem);
  });
});
