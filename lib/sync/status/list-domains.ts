import type { Ledger } from '../ledger/ports.ts';
import { CertificatesByName } from './certificates-by-name.ts';
import { type DomainSummary, toSummary } from './view.ts';

export const listStates = ['open', 'failed', 'waiting-dns'] as const;
export type ListState = (typeof listStates)[number];

export interface ListQuery {
  /** Undefined: all of them. */
  readonly state: ListState | undefined;
  readonly limit: number;
  /** The list continues after this name. */
  readonly after: string | undefined;
}

export interface StatusList {
  readonly domains: readonly DomainSummary[];
  /** Names on this page whose domain or certificate cannot be read: they may be in any state. */
  readonly unreadable: readonly string[];
  /** The name after which the next page starts; undefined: this is the last one. */
  readonly after: string | undefined;
}

const PAGE_ROWS = 100;
/** Pages that one call reads at most: a filter without matches must not read the whole ledger at once. */
const MOST_PAGES = 5;
/** Most domains have a certificate, so each page of these covers two of domains. */
const CERTIFICATE_ROWS = 200;

/** `open`: a worker will try again. A certificate that waits for the customer's DNS has a state of its own. */
export function matchesState({ hosting, certificate }: DomainSummary, state: ListState | undefined): boolean {
  switch (state) {
    case undefined:
      return true;
    case 'failed':
      return hosting.state === 'failed' || certificate.state === 'failed';
    case 'waiting-dns':
      return certificate.state === 'waiting-dns';
    case 'open':
      return (
        hosting.nextTryAt !== null ||
        (certificate.nextTryAt !== null &&
          certificate.state !== 'waiting-dns' &&
          certificate.state !== 'failed')
      );
  }
}

/** Without a summary, it cannot be read. */
interface ListEntry {
  readonly domain: string;
  readonly summary: DomainSummary | undefined;
}

async function summaryPage(
  ledger: Pick<Ledger, 'page'>,
  network: string,
  certificates: CertificatesByName,
  after: string | undefined,
  rows: number,
) {
  const { items, unreadable, cursor } = await ledger.page('domain', network, after, rows);
  const entries: ListEntry[] = unreadable.map(({ domain }) => ({ domain, summary: undefined }));
  for (const item of items) {
    const { domain } = item;
    const certificate = await certificates.of(domain);
    const summary = certificate === 'unreadable' ? undefined : toSummary(item, certificate);
    entries.push({ domain, summary });
  }
  return { entries: entries.toSorted((a, b) => (a.domain < b.domain ? -1 : 1)), cursor };
}

/** The domains of a network by name, those in `state`; perhaps fewer than `limit` although more follow. */
export async function listStatus(
  ledger: Pick<Ledger, 'page'>,
  network: string,
  { state, limit, after }: ListQuery,
): Promise<StatusList> {
  const domains: DomainSummary[] = [];
  const unreadable: string[] = [];
  let next = after;
  // A page of certificates beyond the last domain would be read for nothing.
  const certificates = new CertificatesByName(
    ledger,
    network,
    after,
    state === undefined ? limit : CERTIFICATE_ROWS,
  );
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    // Unfiltered, every row is wanted; filtered, reading ahead saves calls.
    const rows = state === undefined ? limit - domains.length : PAGE_ROWS;
    const { entries, cursor } = await summaryPage(ledger, network, certificates, next, rows);
    for (const [index, { domain, summary }] of entries.entries()) {
      if (summary === undefined) unreadable.push(domain);
      if (summary === undefined || !matchesState(summary, state)) continue;
      domains.push(summary);
      const isLast = index === entries.length - 1 && cursor === undefined;
      if (domains.length === limit) return { domains, unreadable, after: isLast ? undefined : domain };
    }
    next = cursor;
    if (next === undefined) break;
  }
  return { domains, unreadable, after: next };
}
