import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../lib/sync/ledger/domain-item.ts';
import { LeaseLost, NotBefore, NothingCameOfIt } from '../../../../lib/sync/ledger/errors.ts';
import { domainKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { NetworkItem } from '../../../../lib/sync/ledger/network-item.ts';
import {
  recordedGuard,
  removalLimited,
  type Task,
  timelyGuard,
  writeGuard,
} from '../../../../lib/sync/reconcile/write-guard.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import {
  DOMAIN,
  delays,
  domainItem,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  SECOND,
} from '../../../support/items.ts';

const READ_NEEDS_MS = 71 * SECOND;
const WRITE_NEEDS_MS = 85 * SECOND;
const SEND_NEEDS_MS = 51 * SECOND;

const spent = networkItem({ removals: [{ minute: Math.floor(NOW / MINUTE), count: 60 }] });
const freeAt = (Math.floor(NOW / MINUTE) + 61) * MINUTE;

function guarded({
  item = {},
  network,
  withinMs = HOUR,
}: {
  item?: Partial<DomainItem>;
  network?: NetworkItem;
  withinMs?: number;
} = {}) {
  const ledger = memoryLedger();
  const clock = manualClock(NOW);
  const leased = domainItem({ owner: 'me', leaseUntil: NOW + HOUR, ...item });
  ledger.put(domainKey(NETWORK, DOMAIN), leased);
  if (network !== undefined) ledger.put(networkKey(NETWORK), network);
  const task: Task = { item: leased, owner: 'me', beganAt: NOW, deadlineAt: NOW + withinMs };
  const services = { ledger, clock, delays };
  return {
    task,
    services,
    write: writeGuard(task, 60, services),
    attempt: async () => (await ledger.read(domainKey(NETWORK, DOMAIN)))?.item.attempt,
    removals: async () => (await ledger.read(networkKey(NETWORK)))?.item.removals,
  };
}

describe('before a write', () => {
  test('there is time for it, to the millisecond', async () => {
    await expect(guarded({ withinMs: WRITE_NEEDS_MS }).write('add')).resolves.toBeUndefined();
    await expect(guarded({ withinMs: WRITE_NEEDS_MS - 1 }).write('add')).rejects.toThrow(NotBefore);
  });

  test('nothing is put on record: it still has to wait for its slot', async () => {
    const { write, attempt } = guarded();
    await write('add');
    expect(await attempt()).toBeNull();
  });

  test('a spent removal limit holds a removal, and nothing but a removal', async () => {
    const held = guarded({ network: spent });
    await expect(held.write('remove')).rejects.toMatchObject({ until: freeAt, reason: 'removals-limited' });
    await expect(held.write('add')).resolves.toBeUndefined();
  });

  test('reading the removal limit spends nothing of it', async () => {
    const { write, removals } = guarded({ network: networkItem() });
    await write('remove');
    expect(await removals()).toEqual([]);
  });

  test('a pass that would give up, and still watches a write without an answer, makes none', async () => {
    const watched = { ambiguousUntil: NOW + MINUTE, waitedMs: delays.givingUpMs };
    await expect(guarded({ item: watched }).write('add')).rejects.toThrow(NothingCameOfIt);
    await expect(
      guarded({ item: { ...watched, waitedMs: delays.givingUpMs - 1 } }).write('add'),
    ).resolves.toBeUndefined();
    await expect(
      guarded({ item: { ...watched, ambiguousUntil: null } }).write('add'),
    ).resolves.toBeUndefined();
  });
});

describe('a guard', () => {
  const open = { before: async () => undefined, after: async () => undefined };

  test('is closed when the call might outlast the function', async () => {
    const gateWithin = (withinMs: number) => {
      const { task, services } = guarded({ withinMs });
      return timelyGuard(task, services.clock, open);
    };
    await expect(gateWithin(READ_NEEDS_MS).before()).resolves.toBeUndefined();
    await expect(gateWithin(READ_NEEDS_MS - 1).before()).rejects.toThrow(NotBefore);
  });

  test.each(['add', 'remove', 'update'] as const)(
    'of a write puts it on record after the wait: %s',
    async (op) => {
      const { task, services, attempt } = guarded();
      const waiting = { ...open, before: () => services.clock.advance(MINUTE) };
      await recordedGuard(task, op, waiting, services).before();
      expect(await attempt()).toEqual({ op, startedAt: NOW + MINUTE });
    },
  );

  test('of a write puts nothing on record that might outlast the function', async () => {
    const recordedWithin = (withinMs: number) => {
      const { task, services, attempt } = guarded({ withinMs });
      return { ...recordedGuard(task, 'add', open, services), attempt };
    };
    await expect(recordedWithin(SEND_NEEDS_MS).before()).resolves.toBeUndefined();
    const late = recordedWithin(SEND_NEEDS_MS - 1);
    await expect(late.before()).rejects.toThrow(NotBefore);
    expect(await late.attempt()).toBeNull();
  });

  test('of a write is closed once the lease is not ours any more', async () => {
    const { task, services } = guarded({ item: { owner: 'somebody-else' } });
    await expect(recordedGuard(task, 'add', open, services).before()).rejects.toThrow(LeaseLost);
  });

  test('of a write is closed when its record took so long that it would state the wrong time', async () => {
    const slowly = (ms: number) => {
      const { task, services } = guarded();
      const { ledger, clock } = services;
      const write: typeof ledger.write = async (...write) => {
        await clock.advance(ms);
        return ledger.write(...write);
      };
      return recordedGuard(task, 'add', open, { ...services, ledger: { ...ledger, write } }).before();
    };
    await expect(slowly(5 * SECOND)).resolves.toBeUndefined();
    await expect(slowly(5 * SECOND + 1)).rejects.toThrow(NotBefore);
  });

  test('of DELETEs counts each, and reserves a removal after every wait', async () => {
    const { task, services, removals } = guarded({ network: networkItem() });
    const waiting = { ...open, before: () => services.clock.advance(2 * MINUTE) };
    await removalLimited(task, 60, waiting, services).before();
    expect(await removals()).toEqual([{ minute: Math.floor(NOW / MINUTE) + 2, count: 1 }]);
  });

  test('of DELETEs is closed while the removal limit is spent', async () => {
    const { task, services, removals } = guarded({ network: spent });
    await expect(removalLimited(task, 60, open, services).before()).rejects.toMatchObject({ until: freeAt });
    expect(await removals()).toEqual(spent.removals);
  });
});
