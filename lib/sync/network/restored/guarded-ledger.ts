import { Unavailable } from '../../../errors.ts';
import type { DescribeTable, IdentityItem, TableFacts } from '../../ledger/items/identity-item.ts';
import { identityKey, type Key, type Kind, networkKey } from '../../ledger/keys.ts';
import type { Clock, Ledger } from '../../ledger/ports.ts';
import { HOUR_MS, MINUTE_MS } from '../../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../../ledger/updates/update.ts';
import { pauseRestored } from './restored-ledger.ts';

/** A table may be restored under its old name while a worker lives. A restore takes longer than this. */
const COMPARED_EVERY_MS = 5 * MINUTE_MS;
/** How long the last answer counts where DynamoDB gives no newer one. */
const LONGEST_KEPT_MS = HOUR_MS;

/** Whether this ledger was written in another table. The first start in a new table writes the table's id down. */
export function isElsewhere({ id, restored }: TableFacts) {
  return (item: IdentityItem | undefined): ItemUpdate<IdentityItem, boolean> => {
    if (item !== undefined) return { result: item.tableId !== id };
    // A backup may be older than this item.
    return restored ? { result: true } : { write: { tableId: id }, result: false };
  };
}

/** What a worker last learnt of its table. */
interface Comparison {
  readonly tableId: string;
  readonly restored: boolean;
  readonly at: number;
  readonly askAt: number;
}

interface GuardServices {
  readonly clock: Pick<Clock, 'now'>;
  readonly describeTable: DescribeTable;
  readonly reportPaused: (network: string) => void;
}

/**
 * The ledger of a worker that lives in a table of its own. In a restored table every network is paused before the worker reads
 * it, until an operator resumes it. While DynamoDB does not say which table this is, no network can be read: such work is put off
 * like any work whose ledger is out of reach.
 */
export function guardedLedger(ledger: Ledger, s: GuardServices): Ledger {
  let kept: Comparison | undefined;
  let asking: Promise<Comparison> | undefined;

  const ask = async (): Promise<Comparison> => {
    const facts = await s.describeTable();
    const restored = await updateItem(ledger, identityKey, isElsewhere(facts));
    return { tableId: facts.id, restored, at: s.clock.now(), askAt: s.clock.now() + COMPARED_EVERY_MS };
  };

  const compared = async (): Promise<Comparison> => {
    const now = s.clock.now();
    if (kept !== undefined && now < kept.askAt) return kept;
    try {
      // Reads at the same time share the question.
      asking ??= ask();
      kept = await asking;
    } catch (error) {
      if (kept === undefined || now > kept.at + LONGEST_KEPT_MS) throw error;
      kept = { ...kept, askAt: now + MINUTE_MS };
    } finally {
      asking = undefined;
    }
    return kept;
  };

  const admit = async (network: string): Promise<void> => {
    const { tableId, restored } = await compared();
    if (!restored) return;
    // All networks may have been resumed since.
    const identity = (await ledger.read(identityKey))?.item;
    if (identity?.tableId === tableId) {
      kept = undefined;
      return;
    }
    const now = s.clock.now();
    if (await updateItem(ledger, networkKey(network), pauseRestored(network, tableId, now)))
      s.reportPaused(network);
  };

  const admitted = async <T>(keys: readonly Key<Kind>[], read: () => Promise<T>): Promise<T> => {
    try {
      for (const { kind, network } of keys) if (kind === 'network') await admit(network);
      return await read();
    } catch (error) {
      // The table may be gone, and come back as another one.
      if (error instanceof Unavailable) kept = undefined;
      throw error;
    }
  };

  return {
    ...ledger,
    read: (key) => admitted([key], () => ledger.read(key)),
    readAll: (keys) => admitted(keys, () => ledger.readAll(keys)),
  };
}
