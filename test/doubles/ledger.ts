import { UnreadableItem } from '../../lib/errors.ts';
import type { IndexedKind, Key, Kind, StoredItems } from '../../lib/sync/ledger/keys.ts';
import type { DueWork, Ledger, Stored } from '../../lib/sync/ledger/ports.ts';
import { createBy } from './create-by.ts';

type Rows = {
  readonly [K in Kind]: Map<string, { readonly key: Key<K>; readonly stored: Stored<StoredItems[K]> }>;
};

type ScheduledKind = IndexedKind | 'certificate';

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
  /** The earliest `sendAt` of one kind; infinity: none is scheduled. */
  nextSendAt(kind: ScheduledKind): number;
  /** Like `due`, certificates of all networks included. */
  scheduled(kind: ScheduledKind, until: number): readonly DueWork[];
  /** What is stored, at once, whether or not this version can read it. */
  peek<K extends Kind>(key: Key<K>): StoredItems[K] | undefined;
  isSpoilt(key: Key<Kind>): boolean;
}

function byText(a: string, b: string) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** No key of ours holds a line break, so the two parts cannot run into each other. */
function rowName(key: { network: string; item: string }) {
  return `${key.network}\n${key.item}`;
}

/** A frozen copy, so every read may return the same one. A part that is frozen was stored before, and most of an item was. */
function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const copy: T & object = Array.isArray(value) ? Object.assign([], value) : { ...value };
  for (const name in copy) {
    const part = copy[name];
    if (typeof part === 'object' && part !== null) copy[name] = frozenCopy(part);
  }
  return Object.freeze(copy);
}

function emptyRows(): Rows {
  return {
    domain: new Map(),
    certificate: new Map(),
    network: new Map(),
    certificateWork: new Map(),
    comparison: new Map(),
    listing: new Map(),
    domainOrders: new Map(),
    appOrders: new Map(),
    claim: new Map(),
    rateLimit: new Map(),
    outcome: new Map(),
    notices: new Map(),
    sweep: new Map(),
    identity: new Map(),
  };
}

function copyRow<K extends Kind>(from: Rows, to: Rows, key: Key<K>): void {
  const row = from[key.kind].get(rowName(key));
  if (row !== undefined) to[key.kind].set(rowName(key), row);
}

/** The ledger without a database: it stores frozen copies, so no caller can change the stored state. */
export function memoryLedger(): MemoryLedger {
  const rows = emptyRows();

  const spoilt = new Set<string>();
  const assertReadable = (key: Key<Kind>): void => {
    if (spoilt.has(rowName(key))) throw new UnreadableItem(key, ['revision']);
  };

  /** The names of each kind in order, until one comes or goes. */
  const order = new Map<Kind, readonly string[]>();
  const sorted = <K extends Kind>(kind: K) => {
    const kept = rows[kind];
    const names = order.get(kind) ?? [...kept.keys()].sort(byText);
    order.set(kind, names);
    return names.flatMap((name) => kept.get(name) ?? []);
  };
  const store = <K extends Kind>(key: Key<K>, item: StoredItems[K], writes: number): void => {
    const name = rowName(key);
    if (!rows[key.kind].has(name)) order.delete(key.kind);
    rows[key.kind].set(name, { key: { ...key }, stored: { item: frozenCopy(item), writes } });
  };
  const remove = (key: Key<Kind>): void => {
    order.delete(key.kind);
    spoilt.delete(rowName(key));
    rows[key.kind].delete(rowName(key));
  };

  const dueBy = (kind: ScheduledKind, until: number): DueWork[] => {
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

  const oneItem: Pick<Ledger, 'read' | 'readAll' | 'write'> = {
    async read(key) {
      assertReadable(key);
      const row = rows[key.kind].get(rowName(key));
      return row === undefined ? undefined : { ...row.stored };
    },

    async readAll(keys) {
      const then = emptyRows();
      for (const key of keys) copyRow(rows, then, key);
      const unreadable = new Set(keys.map(rowName).filter((name) => spoilt.has(name)));
      return {
        of(key) {
          if (unreadable.has(rowName(key))) throw new UnreadableItem(key, ['revision']);
          const row = then[key.kind].get(rowName(key));
          return row === undefined ? undefined : { ...row.stored };
        },
      };
    },

    async write(key, item, writes) {
      if ((rows[key.kind].get(rowName(key))?.stored.writes ?? 0) !== writes) return false;
      if (item === undefined) remove(key);
      else store(key, item, writes + 1);
      return true;
    },
  };

  return {
    ...oneItem,
    create: createBy(oneItem),

    due: async (kind, until, limit) => dueBy(kind, until).slice(0, limit),

    dueCertificates: async (network, { until, meant = () => true, limit }) =>
      dueBy('certificate', until)
        .filter((work) => work.network === network && meant(work))
        .slice(0, limit),

    // No old version has written here.
    dueOldCertificates: async () => [],

    networks: async () => [...rows.network.values()].map(({ key }) => key.network),

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

    nextSendAt(kind) {
      let next = Number.POSITIVE_INFINITY;
      for (const { stored } of rows[kind].values()) next = Math.min(next, stored.item.sendAt ?? next);
      return next;
    },

    scheduled: dueBy,

    peek: (key) => rows[key.kind].get(rowName(key))?.stored.item,

    put(key, item) {
      spoilt.delete(rowName(key));
      store(key, item, (rows[key.kind].get(rowName(key))?.stored.writes ?? 0) + 1);
    },

    all: (kind) => sorted(kind).map(({ stored }) => stored.item),
  };
}
