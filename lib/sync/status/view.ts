import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { HistoryEntry } from '../ledger/items/history.ts';
import type { LastError } from '../ledger/items/status.ts';
import type { CertificateState, HostingState } from '../ledger/states.ts';
import { toInstant } from '../ledger/time.ts';

const SHOWN_ENTRIES = 20;

export interface HostingView {
  readonly state: HostingState;
  readonly reason: string | null;
  readonly since: string;
  /** Null once nothing is left to do. */
  readonly nextTryAt: string | null;
}

export interface CertificateView {
  readonly state: CertificateState;
  readonly reason: string | null;
  /** What its owner can do about the reason, in a sentence. */
  readonly fix: string | null;
  readonly attempts: number;
  readonly nextTryAt: string | null;
  readonly notAfter: string | null;
  readonly via: string | null;
}

/** A domain as a list shows it. */
export interface DomainSummary {
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly hosting: HostingView;
  readonly certificate: CertificateView;
}

/** A domain as a reader sees it (docs/reference/api.md, "Reads out"). */
export interface DomainView extends DomainSummary {
  readonly network: string;
  readonly lastError: LastError | null;
  readonly history: readonly HistoryEntry[];
}

function nextTryAt({ dueAt }: { readonly dueAt: number | null }): string | null {
  return dueAt === null ? null : toInstant(dueAt);
}

const noCertificate: CertificateView = {
  state: 'none',
  reason: null,
  fix: null,
  attempts: 0,
  nextTryAt: null,
  notAfter: null,
  via: null,
};

function toHosting(item: DomainItem): HostingView {
  return {
    state: item.state,
    reason: item.reason,
    since: item.since,
    nextTryAt: nextTryAt(item),
  };
}

/** A certificate item briefly outlives its domain, so what is wanted of the domain counts. */
function toCertificate(item: DomainItem, certificate: CertificateItem | undefined): CertificateView {
  if (item.wanted === 'absent' || certificate === undefined || !certificate.wanted) return noCertificate;
  const { state, reason, fix, attempts, notAfter, via } = certificate;
  // A good certificate is checked daily, which is no try: nothing is to be done.
  const good = state === 'valid' && reason === null;
  return { state, reason, fix, attempts, nextTryAt: good ? null : nextTryAt(certificate), notAfter, via };
}

/** Instants of one form compare as text. */
function laterError(a: LastError | null, b: LastError | null): LastError | null {
  if (a === null || b === null) return a ?? b;
  return b.at > a.at ? b : a;
}

function byTime(a: HistoryEntry, b: HistoryEntry): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0;
}

export function toSummary(item: DomainItem, certificate: CertificateItem | undefined): DomainSummary {
  return {
    domain: item.domain,
    wanted: item.wanted,
    hosting: toHosting(item),
    certificate: toCertificate(item, certificate),
  };
}

export function toView(item: DomainItem, certificate: CertificateItem | undefined): DomainView {
  return {
    network: item.network,
    ...toSummary(item, certificate),
    lastError: laterError(item.lastError, certificate?.lastError ?? null),
    history: [...item.history, ...(certificate?.history ?? [])].toSorted(byTime).slice(-SHOWN_ENTRIES),
  };
}
