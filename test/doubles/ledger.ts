import { UnreadableItem } from '../../lib/errors.ts';
import type { IndexedKind, Key, Kind, StoredItems } from '../../lib/sync/ledger/keys.ts';
import type { DueWork, Ledger, Stored } from '../../lib/sync/ledger/ports.ts';

type Rows = {
  readonly [K in Kind]: Map<string, { readonly key: Key<K>; readonly stored: Stored<StoredItems[K]> }>;
};

export interface MemoryLedger extends Ledger {
  /** All stored items of one kind, in the order of their keys. */
  all<K extends Kind>(kind: K): StoredItems[K][];
  /** Stores an item whatever was there, as an operator would in the table. */
  put<K extends Kind>(key: Key<K>, item: StoredItems[K]): void;
  /** A newer version writes something that this one cannot read. */
  spoil<K extends Kind>(key: Key<K>): Promise<void>;
  /** This version can read it again. */
  restore(key: Key<Kind>): void;
  has(key: Key<Kind>): boolean;
  isSpoilt(key: Key<Kind>): boolean;
}

function byText(a: string, b: string) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** No key of ours holds a line break, so the two parts cannot run into each other. */
function rowName(key: { network: string; item: string }) {
  return `${key.network}\n${key.item}`;
}

/** A frozen copy, so every read may return the same one. */
function frozenCopy<T>(item: T): T {
  return frozen(structuredClone(item));
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) frozen(part);
  return Object.freeze(value);
}

/** The ledger without a database: it stores frozen copies, so no caller can change the stored state. */
export function memoryLedger(): MemoryLedger {
  const rows: Rows = {
    domain: new Map(),
    certificate: new Map(),
    network: new Map(),
    comparison: new Map(),
    domainOrders: new Map(),
    appOrders: new Map(),
    claim: new Map(),
    rateLimit: new Map(),
    outcome: new Map(),
    notices: new Map(),
    sweep: new Map(),
  };

  const spoilt = new Set<string>();
  const assertReadable = (key: Key<Kind>): void => {
    if (spoilt.has(rowName(key))) throw new UnreadableItem(key, ['revision']);
  };

  const sorted = <K extends Kind>(kind: K) =>
    [...rows[kind].entries()].sort(([a], [b]) => byText(a, b)).map(([, row]) => row);

  const dueBy = (kind: IndexedKind, until: number): DueWork[] => {
    const found: DueWork[] = [];
    for (const { key, stored } of rows[kind].values()) {
      const { sendAt } = stored.item;
      const dueAt = 'dueAt' in stored.item ? stored.item.dueAt : null;
      if (sendAt !== null && sendAt <= until) {
        found.push({ network: key.network, item: key.item, sendAt, dueAt });
      }
    }
    return found.sort((a, b) => a.sendAt - b.sendAt);
  };

  return {
    async read(key) {
      assertReadable(key);
      const row = rows[key.kind].get(rowName(key));
      return row === undefined ? undefined : { ...row.stored };
    },

    async write(key, item, writes) {
      const kept = rows[key.kind];
      const name = rowName(key);
      if ((kept.get(name)?.stored.writes ?? 0) !== writes) return false;
      if (item === undefined) kept.delete(name);
      else kept.set(name, { key: { ...key }, stored: { item: frozenCopy(item), writes: writes + 1 } });
      return true;
    },

    due: async (kind, until, limit) => dueBy(kind, until).slice(0, limit),

    dueCertificates: async (network, { until, meant, limit }) =>
      dueBy('certificate', until)
        .filter((work) => work.network === network && meant(work))
        .slice(0, limit),

    async page(kind, network, cursor, limit) {
      const after = sorted(kind)
        .filter(({ key }) => key.network === network)
        .filter(({ key }) => cursor === undefined || key.item > `${kind}#${cursor}`);
      const shown = after.slice(0, limit);
      const isSpoilt = ({ key }: { readonly key: Key<Kind> }) => spoilt.has(rowName(key));
      const unreadable = shown.filter(isSpoilt).map(({ key, stored }) => ({
        domain: stored.item.domain,
        error: new UnreadableItem(key, ['revision']),
      }));
      const items = shown.filter((row) => !isSpoilt(row)).map(({ stored }) => stored.item);
      return {
        items,
        unreadable,
        cursor: after.length > limit ? shown.at(-1)?.stored.item.domain : undefined,
      };
    },

    async spoil<K extends Kind>(key: Key<K>) {
      const row = rows[key.kind].get(rowName(key));
      if (row === undefined) throw new TypeError(`There is no ${key.item} of ${key.network}`);
      const { item, writes } = row.stored;
      rows[key.kind].set(rowName(key), { ...row, stored: { item, writes: writes + 1 } });
      spoilt.add(rowName(key));
    },

    restore: (key) => void spoilt.delete(rowName(key)),

    isSpoilt: (key) => spoilt.has(rowName(key)),

    has: (key) => rows[key.kind].has(rowName(key)),

    put(key, item) {
      spoilt.delete(rowName(key));
      const kept = rows[key.kind];
      const name = rowName(key);
      const writes = (kept.get(name)?.stored.writes ?? 0) + 1;
      kept.set(name, { key: { ...key }, stored: { item: frozenCopy(item), writes } });
    },

    all: (kind) => sorted(kind).map(({ stored }) => stored.item),
  };
}
