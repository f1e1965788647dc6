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
  /** There is a `CALLBACK_URL`: outcomes are posted. */
  readonly tellsOutcomes: boolean;
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
