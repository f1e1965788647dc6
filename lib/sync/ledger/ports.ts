import type { UnreadableItem } from '../../errors.ts';
import type { DomainKind, IndexedKind, Key, Kind, StoredItems, WorkKind } from './keys.ts';

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

/** One row of the sparse index: work that wants a message at `sendAt`. */
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
  /**
   * Writes `item` (undefined deletes) if the stored item has been written `writes` times (0: there is none).
   * False when another writer was faster.
   */
  write<K extends Kind>(key: Key<K>, item: StoredItems[K] | undefined, writes: number): Promise<boolean>;
  /** Items of one kind whose `sendAt` is not later than `until`, oldest first. Eventually consistent. */
  due(kind: IndexedKind, until: number, limit: number): Promise<DueWork[]>;
  /** The same of one network alone, and of its rows only those that are `meant`. */
  dueIn(
    kind: WorkKind,
    network: string,
    asked: { readonly until: number; readonly meant: (work: DueWork) => boolean; readonly limit: number },
  ): Promise<DueWork[]>;
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
 * of a dead letter.
 */
export interface WorkMessage {
  readonly network: string;
  readonly domain?: string;
  readonly outcome?: string;
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

/** A domain as RunCloud lists it. Fields that an older API leaves out are undefined: unknown, not false. */
export interface HostedDomain {
  readonly id: number;
  /** Lower case, punycode. */
  readonly name: string;
  readonly type: 'primary' | 'alias' | 'redirect' | undefined;
  readonly www: boolean | undefined;
  /** Where the web server sends the visitors of the name or of its `www.`: to the other one, or nowhere. */
  readonly redirection?: 'none' | 'www' | 'non-www' | undefined;
  readonly wildcard: boolean;
}

/** One page of a listing. */
export interface ListingPage {
  readonly domains: readonly HostedDomain[];
  /** Rows that count, though they could not be read. */
  readonly unreadable: number;
  /** Rows of all pages together; undefined: RunCloud does not say. */
  readonly total: number | undefined;
  /** The number of the last page; undefined: RunCloud does not say. */
  readonly lastPage: number | undefined;
  /** Whether another page may follow this one. */
  readonly more: boolean;
}

/**
 * The domains of one web application. Every failure is a `RelayError`; nothing is repeated inside.
 * An implementation gives up by throwing, never by inventing an answer.
 */
export interface Hosting {
  /** By id; undefined if that id answers 404 (the domain, or the whole application: list to know). */
  find(id: number): Promise<HostedDomain | undefined>;
  /** One page of the list, read now; the first is 1. */
  page(number: number): Promise<ListingPage>;
  /** Adds an alias. Undefined: a success that did not show the resource, to be confirmed by a read. */
  add(domain: { name: string; www: boolean }): Promise<HostedDomain | undefined>;
  /** `gone`: 404. `unclear`: a success that did not show the resource. */
  remove(id: number): Promise<'removed' | 'gone' | 'unclear'>;
  /** Makes an existing row an alias with this `www` and without redirection. `unsupported`: this API has no such call (404, 405). */
  updateDomain(id: number, to: { www: boolean }): Promise<'updated' | 'unsupported'>;
}

/** `basic`: one certificate for the application. `advanced`: one per domain. `autossl`: RunCloud orders by itself. */
export type SslMode = 'basic' | 'advanced' | 'autossl' | 'unknown';

/**
 * How an installed certificate came to be. `http-01`: as the relay orders one. `unknown`: RunCloud does not say. The others
 * are an operator's own, and the relay never replaces them.
 */
export type CertificateOrigin = 'http-01' | 'unknown' | 'uploaded' | 'dns-01' | 'staging';

export interface InstalledCertificate {
  readonly id: number;
  readonly origin: CertificateOrigin;
}

/**
 * The certificates of one web application. Every failure is a `RelayError`; nothing is repeated inside. `domainId` set:
 * that domain's certificate (advanced mode), otherwise the one of the whole application.
 */
export interface CertificateHosting {
  mode(): Promise<SslMode>;
  /** The certificate that is installed; undefined: none is. */
  find(domainId?: number): Promise<InstalledCertificate | undefined>;
  /** Orders a certificate where none is installed. */
  install(domainId?: number): Promise<void>;
  /** Orders it anew for the current names. `gone`: that certificate does not exist any more. */
  redeploy(sslId: number, domainId?: number): Promise<'ordered' | 'gone'>;
  /** The server's address according to RunCloud; undefined: it gives none. */
  serverAddress(): Promise<string | undefined>;
}

/** A network's access to RunCloud, as a worker may use it. */
export interface Access {
  readonly app: App;
  /** When the secret this comes from was read. */
  readonly readAt: number;
  readonly protectedDomains: readonly string[];
  /** 0: no removal limit. */
  readonly removalsPerHour: number;
  /** 0: no limit. */
  readonly additionsPerHour: number;
  /** False: no name is ever parked. */
  readonly parkUnreadyNames: boolean;
  readonly paused: boolean;
  /** Tells credentials apart without being one: networks that share a credential share its limit. */
  readonly credentialFingerprint: string;
  /** SERVER_ADDRESSES: further ones of the server. */
  readonly serverAddresses: readonly string[];
  /** DNS_TARGET: where customers should point their domains. */
  readonly dnsTarget: string | null;
  /** Every call passes the guard. */
  readonly hosting: (guard: CallGuard) => Hosting;
  readonly certificates: (guard: CallGuard) => CertificateHosting;
}

/** A web application of RunCloud. */
export interface App {
  readonly serverId: string;
  readonly appId: string;
}

/** One answer: what its headers say about the credential's limit, and RunCloud's own words in it. */
export interface CallAnswer {
  readonly status: number | undefined;
  readonly limit: number | undefined;
  readonly remaining: number | undefined;
  readonly retryAfterMs: number | undefined;
  /** One line, redacted and cut: fit to show. */
  readonly said?: string;
}

/** Stands around every call to RunCloud. `before` may wait, or throw, and then the call is not made. */
export interface CallGuard {
  before(): Promise<void>;
  after(answer: CallAnswer): Promise<void>;
}

export interface Networks {
  /**
   * Undefined: no such network. `fresh`: not from what is kept. Throws a `RelayError` of kind `network` for a faulty
   * secret, `Unavailable('secrets')` when out of reach.
   */
  access(network: string, options: { readonly fresh: boolean }): Promise<Access | undefined>;
}
