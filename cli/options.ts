/** Which relay, and how to answer. Every command takes them, before its name or after it. */
export interface GlobalOptions {
  readonly local?: true;
  readonly stage?: string;
  readonly region?: string;
  readonly url?: string;
  readonly network?: string;
  readonly json?: true;
  readonly yes?: true;
  readonly debug?: true;
}

export interface StatusOptions extends GlobalOptions {
  readonly watch?: true;
  readonly live?: true;
}

export interface ListOptions extends GlobalOptions {
  readonly state?: 'open' | 'failed' | 'waiting-dns';
}

export interface WaitOptions extends GlobalOptions {
  readonly wait?: true;
  /** In seconds. */
  readonly timeout: number;
}

export interface AddOptions extends WaitOptions {
  readonly www?: boolean;
  readonly native?: true;
  readonly siteId?: number;
  readonly domainId?: number;
}

export interface SslRetryOptions extends WaitOptions {
  readonly reason?: 'dns_ready' | 'ssl_failed' | 'manual';
}

export type AnnounceOptions = AddOptions & SslRetryOptions;

export interface SyncOptions extends GlobalOptions {
  readonly removeMissing?: true;
}

export interface DeadLetterOptions extends GlobalOptions {
  readonly domain?: string;
  readonly code?: string;
  readonly all?: true;
}

export interface LogsOptions extends GlobalOptions {
  /** In milliseconds. */
  readonly since: number;
}

export interface RotateOptions extends GlobalOptions {
  readonly relay?: true;
  readonly read?: true;
  readonly hook?: true;
  readonly runcloud?: true;
}

export interface CopyBackOptions extends GlobalOptions {
  readonly from: string;
  /** In minutes. */
  readonly wait: number;
  /** A file. */
  readonly list?: string;
}
