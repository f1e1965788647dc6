import { describe, expect, test } from '@jest/globals';
import { dueCertificates } from '../../../lib/certificates/due.ts';
import { sendMessageBy } from '../../../lib/certificates/next-message.ts';
import { Unavailable } from '../../../lib/errors.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import type { DueWork, Ledger } from '../../../lib/sync/ledger/ports.ts';
import { CLOCKS_AGREE_MS } from '../../../lib/sync/ledger/time.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { timing } from '../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  DAY,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  owedDeadLetter,
} from '../../support/sync/items.ts';

type CertificateRequest = Partial<CertificateItem> & { readonly domain: string };

/** A ledger with these requests, each with its message at its time unless it says otherwise. */
function ledgerOf(...requests: readonly CertificateRequest[]) {
  const ledger = memoryLedger();
  for (const request of requests) {
    const item = certificateItem({ dueAt: NOW, sendAt: request.dueAt ?? NOW, ...request });
    ledger.put(certificateKey(NETWORK, item.domain), item);
  }
  return ledger;
}

async function waitingIn(
  ledger: Ledger,
  { seen = new Map<string, number>(), most = 10 }: { seen?: ReadonlyMap<string, number>; most?: number } = {},
) {
  const services = { ledger, clock: manualClock(NOW), delays: timing, leaseMs: HOUR };
  const { due, owing, fault } = await dueCertificates(
    { network: NETWORK, seen, unreadable: new Set(), reach: { hasAny: false }, most },
    services,
  );
  return { due: due.map(({ item }) => item.domain), owing: owing.map(({ domain }) => domain), fault };
}

function shownRow(domain: string): DueWork {
  return {
    ...certificateKey(NETWORK, domain),
    dueAt: NOW,
    sendAt: NOW,
  };
}

/** A ledger that counts what is read one by one, and whose index shows what a test sets. */
function watched(ledger: Ledger, shown?: readonly string[]) {
  const read: string[] = [];
  const watching: Ledger = {
    ...ledger,
    read: (key) => {
      read.push(key.item);
      return ledger.read(key);
    },
  };
  if (shown !== undefined) watching.dueCertificates = async () => shown.map(shownRow);
  return { ledger: watching, read };
}

describe('the requests that wait for a check', () => {
  test('are those that are due, or will be in a moment, the longest wait first', async () => {
    const ledger = ledgerOf(
      { domain: 'soon.example', dueAt: NOW + CLOCKS_AGREE_MS },
      { domain: 'long.example', dueAt: NOW - DAY },
      { domain: 'just.example', dueAt: NOW },
      { domain: 'later.example', dueAt: NOW + CLOCKS_AGREE_MS + 1 },
    );
    expect(await waitingIn(ledger)).toEqual({
      due: ['long.example', 'just.example', 'soon.example'],
      owing: [],
      fault: undefined,
    });
  });

  test('are found when their message was put off by the sweep, or by a lease whose holder died', async () => {
    const ledger = ledgerOf(
      { domain: 'hinted.example', sendAt: NOW + timing.resendMs },
      { domain: 'leased.example', owner: 'dead', leaseUntil: NOW, sendAt: NOW + HOUR },
    );
    expect(await waitingIn(ledger)).toMatchObject({ due: ['hinted.example', 'leased.example'] });
  });

  test('are not those that another worker holds', async () => {
    const ledger = ledgerOf({ domain: 'held.example', owner: 'living', leaseUntil: NOW + 1 });
    expect(await waitingIn(ledger)).toMatchObject({ due: [], owing: [] });
  });

  test('are not those that this call has checked, unless they have been written since', async () => {
    const ledger = ledgerOf(
      { domain: 'seen.example', revision: 3 },
      { domain: 'said-again.example', revision: 4 },
    );
    const seen = new Map([
      ['seen.example', 3],
      ['said-again.example', 3],
    ]);
    expect(await waitingIn(ledger, { seen })).toMatchObject({ due: ['said-again.example'] });
  });

  test('are found after all that this call has checked', async () => {
    const done = Array.from({ length: 12 }, (_, n) => `done-${n}.example`);
    const ledger = ledgerOf(...done.map((domain) => ({ domain, dueAt: NOW - HOUR, revision: 1 })), {
      domain: 'last.example',
    });
    const seen = new Map(done.map((domain) => [domain, 1]));
    expect(await waitingIn(ledger, { seen, most: 1 })).toMatchObject({ due: ['last.example'] });
  });

  test('are no more than asked for by much, and no more is read', async () => {
    const names = Array.from({ length: 40 }, (_, n) => `shop-${n}.example`);
    const { ledger, read } = watched(ledgerOf(...names.map((domain) => ({ domain }))), names);
    expect((await waitingIn(ledger, { most: 20 })).due).toHaveLength(20);
    expect(read).toHaveLength(20);
  });

  test('are read again one by one: the index may lag', async () => {
    const shown = ['gone.example', 'done.example', 'due.example'];
    const { ledger } = watched(
      ledgerOf({ domain: 'done.example', dueAt: NOW + DAY }, { domain: 'due.example' }),
      shown,
    );
    expect(await waitingIn(ledger)).toEqual({ due: ['due.example'], owing: [], fault: undefined });
  });
});

describe('a message', () => {
  const read = async (request: Omit<CertificateRequest, 'domain'>) => {
    const { ledger, read } = watched(ledgerOf({ domain: 'one.example', ...request }));
    await waitingIn(ledger);
    return read.length;
  };

  test.each<[title: string, request: Omit<CertificateRequest, 'domain'>, expected: number]>([
    ['at the time of work that is due', { dueAt: NOW }, 1],
    ['at the time of work that is due in a moment', { dueAt: NOW + CLOCKS_AGREE_MS }, 1],
    ['at the time of work that only waits', { dueAt: NOW + MINUTE }, 0],
    ['before the time of work that only waits', { dueAt: NOW + DAY, sendAt: NOW + MINUTE }, 1],
    ['without work', { dueAt: null, sendAt: NOW, toSend: [owedDeadLetter] }, 1],
  ])('%s makes a request be read, or not', async (_title, request, expected) => {
    expect(await read(request)).toBe(expected);
  });
});

describe('a dead letter that is owed', () => {
  test('is found though its request is not due, and not where nothing is owed', async () => {
    const ledger = ledgerOf(
      { domain: 'owing.example', dueAt: NOW + DAY, sendAt: NOW, toSend: [owedDeadLetter] },
      { domain: 'none.example', dueAt: NOW + DAY, sendAt: NOW },
    );
    expect(await waitingIn(ledger)).toMatchObject({ due: [], owing: ['owing.example'] });
  });
});

describe('a request that cannot be read', () => {
  const faulty = (error: Error): Ledger => {
    const ledger = ledgerOf(
      { domain: 'bad.example' },
      { domain: 'good.example' },
      { domain: 'worse.example' },
    );
    return {
      ...ledger,
      read: async (key) => {
        if (key.item === certificateKey(NETWORK, 'good.example').item) return ledger.read(key);
        throw error;
      },
    };
  };

  test('is reported, and holds back no other', async () => {
    const error = new TypeError('not what its kind says');
    expect(await waitingIn(faulty(error))).toEqual({ due: ['good.example'], owing: [], fault: { error } });
  });

  test('since its key is throttled is left out, and is no bug', async () => {
    expect(await waitingIn(faulty(new Unavailable('ledger')))).toEqual({
      due: ['good.example'],
      owing: [],
      fault: undefined,
    });
  });

  test('since the ledger is away counts as no failure', async () => {
    const away = async () => Promise.reject(new Unavailable('ledger'));
    const ledger = { ...ledgerOf({ domain: 'bad.example' }, { domain: 'good.example' }), read: away };
    await expect(waitingIn(ledger)).rejects.toThrow(Unavailable);
  });
});

describe('a pass that leaves a message', () => {
  const movedSendAt = async (request: Omit<CertificateRequest, 'domain'> | undefined, at: number) => {
    const ledger = request === undefined ? ledgerOf() : ledgerOf({ domain: 'one.example', ...request });
    const { writes } = (await ledger.read(certificateKey(NETWORK, 'one.example'))) ?? { writes: 0 };
    await sendMessageBy(certificateItem({ domain: 'one.example' }), at, { ledger });
    const stored = await ledger.read(certificateKey(NETWORK, 'one.example'));
    return { sendAt: stored?.item.sendAt, written: (stored?.writes ?? 0) - writes };
  };

  test.each<[title: string, request: Omit<CertificateRequest, 'domain'> | undefined, expected: object]>([
    ['brings one nearer', { dueAt: NOW, sendAt: NOW + HOUR }, { sendAt: NOW + MINUTE, written: 1 }],
    ['leaves a nearer one', { dueAt: NOW, sendAt: NOW }, { sendAt: NOW, written: 0 }],
    [
      'leaves one at that very time',
      { dueAt: NOW, sendAt: NOW + MINUTE },
      { sendAt: NOW + MINUTE, written: 0 },
    ],
    ['requeues nothing that is settled', { dueAt: null, sendAt: null }, { sendAt: null, written: 0 }],
    ['makes nothing of what is gone', undefined, { sendAt: undefined, written: 0 }],
  ])('%s', async (_title, request, expected) => {
    expect(await movedSendAt(request, NOW + MINUTE)).toEqual(expected);
  });
});
