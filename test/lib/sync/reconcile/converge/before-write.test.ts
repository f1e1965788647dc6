import { describe, expect, test } from '@jest/globals';
import { LeaseLost, NotBefore, NothingCameOfIt } from '../../../../../lib/sync/ledger/errors.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import type { Attempt } from '../../../../../lib/sync/ledger/items/work-item.ts';
import { domainKey, networkKey } from '../../../../../lib/sync/ledger/keys.ts';
import { follow } from '../../../../../lib/sync/ledger/updates/followed.ts';
import { limitOf } from '../../../../../lib/sync/network/limits/write-limit.ts';
import {
  assertMayBegin,
  countWrite,
  recordWrite,
  type Task,
} from '../../../../../lib/sync/reconcile/converge/before-write.ts';
import { memoryLedger } from '../../../../doubles/ledger.ts';
import { manualClock } from '../../../../doubles/manual-clock.ts';
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
} from '../../../../support/sync/items.ts';

const WRITE_NEEDS_MS = 67 * SECOND;
const SEND_NEEDS_MS = 51 * SECOND;

const limits = { removalsPerHour: 60, additionsPerHour: 300 };
const minute = Math.floor(NOW / MINUTE);
const spent = networkItem({ removals: [{ minute, count: 60 }] });
const full = networkItem({ additions: [{ minute, count: 300 }] });
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
  const held = follow(ledger, domainKey(NETWORK, DOMAIN));
  const task: Task = {
    item: leased,
    returns: 0,
    owner: 'me',
    beganAt: NOW,
    deadlineAt: NOW + withinMs,
    held,
    writes: { last: null },
  };
  const followed = follow(ledger, networkKey(NETWORK), {
    item: network,
    writes: network === undefined ? 0 : 1,
  });
  const services = { ledger, clock, delays, network: followed };
  return {
    task,
    services,
    write: async (op: Attempt['op']) => assertMayBegin(task, limitOf(op, limits), services),
    record: (op: Attempt['op']) => recordWrite(op, task, services),
    count: (op: Attempt['op']) => countWrite(task, limitOf(op, limits), services),
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
    await expect(held.write('update')).resolves.toBeUndefined();
  });

  test('a spent limit of additions holds an addition, and nothing but an addition', async () => {
    const held = guarded({ network: full });
    await expect(held.write('add')).rejects.toMatchObject({ until: freeAt, reason: 'additions-limited' });
    await expect(held.write('remove')).resolves.toBeUndefined();
    await expect(held.write('update')).resolves.toBeUndefined();
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

describe('right before a call', () => {
  test.each(['add', 'remove', 'update'] as const)('a write is put on record: %s', async (op) => {
    const { record, attempt, services } = guarded();
    await services.clock.advance(MINUTE);
    await record(op);
    expect(await attempt()).toEqual({ op, startedAt: NOW + MINUTE });
  });

  test('nothing is put on record that might outlast the function', async () => {
    await expect(guarded({ withinMs: SEND_NEEDS_MS }).record('add')).resolves.toBeUndefined();
    const late = guarded({ withinMs: SEND_NEEDS_MS - 1 });
    await expect(late.record('add')).rejects.toThrow(NotBefore);
    expect(await late.attempt()).toBeNull();
  });

  test('an addition that was recorded with the lease is not recorded again within five seconds, nor twice', async () => {
    const attempt = { op: 'add', startedAt: NOW } as const;
    for (const [waitedMs, startedAt] of [
      [5 * SECOND, NOW],
      [5 * SECOND + 1, NOW + 5 * SECOND + 1],
    ] as const) {
      const { task, record, services, attempt: recorded } = guarded({ item: { attempt } });
      await task.held.update(() => ({ result: undefined }));
      await services.clock.advance(waitedMs);
      await record('add');
      expect([task.writes.last, await recorded()]).toEqual([
        { op: 'add', startedAt },
        { op: 'add', startedAt },
      ]);
      await services.clock.advance(1);
      await record('add');
      expect(await recorded()).toEqual({ op: 'add', startedAt: NOW + waitedMs + 1 });
    }
  });

  test('a write ends once the lease is not ours any more', async () => {
    const { record } = guarded({ item: { owner: 'somebody-else' } });
    await expect(record('add')).rejects.toThrow(LeaseLost);
  });

  test('a write ends when its record took longer than the time that it states allows', async () => {
    const slowly = (ms: number) => {
      const { task, services } = guarded();
      const { ledger, clock } = services;
      const write: typeof ledger.write = async (...write) => {
        await clock.advance(ms);
        return ledger.write(...write);
      };
      const held = follow({ ...ledger, write }, domainKey(NETWORK, DOMAIN));
      return recordWrite('add', { ...task, held }, services);
    };
    await expect(slowly(5 * SECOND)).resolves.toBeUndefined();
    await expect(slowly(5 * SECOND + 1)).rejects.toThrow(NotBefore);
  });

  test('a DELETE is counted in its own minute', async () => {
    const { count, removals, services } = guarded({ network: networkItem() });
    await services.clock.advance(2 * MINUTE);
    await count('remove');
    expect(await removals()).toEqual([{ minute: Math.floor(NOW / MINUTE) + 2, count: 1 }]);
  });

  test('a DELETE is not made while the removal limit is spent', async () => {
    const { count, removals } = guarded({ network: spent });
    await expect(count('remove')).rejects.toMatchObject({ until: freeAt });
    expect(await removals()).toEqual(spent.removals);
  });
});
