import type { UnreadableItem } from '../../errors.ts';
import type { DomainKind, IndexedKind, Key, Kind, StoredItems } from './keys.ts';

/** Milliseconds since the epoch, and a wait that a simulation can shorten. */
export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

/** A number from 0 up to, not including, 1. */
export type Random = () => number;

/** An item with the number of times it has been written: the token of the next conditional write. */
export interface Stored<T> {
  readonly item: T;
  readonly writes: number;
}

/** One row of a sparse index: work that wants a message at `sendAt`. */
export interface DueWork {
  readonly network: string;
  readonly item: string;
  readonly sendAt: number;
  /** Null: no pass is due, but a dead letter is still to be sent. */
  readonly dueAt: number | null;
}

/** An item of a page that this version cannot read, by the name it is about. */
export interface Unreadable {
  readonly domain: string;
  readonly error: UnreadableItem;
}

/** Items that were read together: each is there, missing, or the reason why it cannot be had. */
export interface Snapshot {
  /** Throws `UnreadableItem`, and `Unavailable('ledger')` for an item whose key is throttled. */
  of<K extends Kind>(key: Key<K>): Stored<StoredItems[K]> | undefined;
}

export interface ItemPage<K extends DomainKind> {
  readonly items: readonly StoredItems[K][];
  readonly unreadable: readonly Unreadable[];
  /** The last name of the page; undefined: there is no other page. */
  readonly cursor: string | undefined;
}

/**
 * Whole items, read consistently and written only over the state that was read. All rules live in pure functions
 * above this port; an adapter decides nothing. Throws `Unavailable('ledger')` when out of reach, and `UnreadableItem` for
 * one item that cannot be read: its reader leaves that item alone and goes on with all others.
 */
export interface Ledger {
  read<K extends Kind>(key: Key<K>): Promise<Stored<StoredItems[K]> | undefined>;
  /** The same for a few items in one call; not all of one moment. */
  readAll(keys: readonly Key<Kind>[]): Promise<Snapshot>;
  /**
   * Writes `item` (undefined deletes) if the stored item has been written `writes` times (0: there is none).
   * False when another writer was faster.
   */
  write<K extends Kind>(key: Key<K>, item: StoredItems[K] | undefined, writes: number): Promise<boolean>;
  /** Writes `item` if there is none, and otherwise returns the stored one: what a read and a write do, in one call. */
  create<K extends Kind>(key: Key<K>, item: StoredItems[K]): Promise<Stored<StoredItems[K]> | undefined>;
  /** Items of one kind whose `sendAt` is not later than `until`, oldest first. Eventually consistent. */
  due(kind: IndexedKind, until: number, limit: number): Promise<DueWork[]>;
  /**
   * The same for the certificates of one network, and of its rows only those that are `meant` (left out: all of them). Reads no
   * other network's.
   */
  dueCertificates(
    network: string,
    asked: { readonly until: number; readonly meant?: (work: DueWork) => boolean; readonly limit: number },
  ): Promise<DueWork[]>;
  /** The same for certificates as 0.1.0 has written them, which `dueCertificates` does not find. Each write ends that. */
  dueOldCertificates(until: number, limit: number): Promise<DueWork[]>;
  /** All networks that have an item `network`, whatever its schedule. Eventually consistent. */
  networks(): Promise<string[]>;
  /** A page of a network's items of one kind, by name; `cursor` is the last name of the page before. */
  page<K extends DomainKind>(
    kind: K,
    network: string,
    cursor: string | undefined,
    limit: number,
  ): Promise<ItemPage<K>>;
}

/**
 * "Reconcile this domain", "deliver this outcome", or without either: "work on this network". `deadLetter` is set in the body
 * of a dead letter. `returns` counts the messages that a domain has sent itself, each from the pass of the one before.
 */
export interface WorkMessage {
  readonly network: string;
  readonly domain?: string;
  readonly outcome?: string;
  readonly returns?: number;
  readonly deadLetter?: number;
}

export interface DelayedMessage {
  readonly message: WorkMessage;
  /** Whole seconds, 0 to 900. */
  readonly delaySeconds: number;
}

/** The failed try of one domain, for the dead-letter queue. Every copy of a dead letter has the same `id`. */
export interface DeadLetter {
  readonly id: string;
  readonly message: WorkMessage;
  readonly code: string;
  readonly reason: string;
  readonly firstFailureAt: number;
  readonly lastFailureAt: number;
}

/** Throws `Unavailable('queue')` when out of reach. */
export interface Queue {
  /** Sends messages, in as many calls as needed; returns those that were not accepted. */
  send(messages: readonly DelayedMessage[]): Promise<DelayedMessage[]>;
  sendDeadLetter(deadLetter: DeadLetter): Promise<void>;
}
