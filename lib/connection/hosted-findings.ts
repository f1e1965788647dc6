import type { Drift } from '../sync/ledger/items/network-item.ts';
import type { ListingPage, SslMode } from '../sync/ledger/runcloud-ports.ts';
import { isProtected } from '../sync/network/listing/protected-names.ts';
import { servedNames } from '../sync/network/listing/served-names.ts';
import { type Finding, ok, remarked, warning } from './check.ts';
import { driftRemarks } from './drift-remarks.ts';

/** The most names that one Let's Encrypt certificate holds, and the count from which to warn. */
const MOST_NAMES = 100;
const MANY_NAMES = 90;

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}

/** Only the first page is read, so later rows are counted but unknown. */
function hasMore({ domains, unreadable, total, more }: ListingPage): boolean {
  return more || (total !== undefined && total > domains.length + unreadable);
}

function countOf({ domains, unreadable, total }: ListingPage): number {
  return Math.max(total ?? 0, domains.length + unreadable);
}

function domainsInWords(page: ListingPage): string {
  const atLeast = page.total === undefined && page.more ? 'at least ' : '';
  return `The web application has ${atLeast}${plural(countOf(page), 'domain')}`;
}

/** Domains that the ledger records at another application than the secret's. */
export interface MovedDomains {
  readonly count: number;
  /** There may be more: the ledger was not read to its end. */
  readonly atLeast: boolean;
  readonly serverId: string;
  readonly appId: string;
}

function primaryRemarks({ domains }: ListingPage, protectedDomains: readonly string[]): Finding[] {
  if (domains.length > 0 && domains.every(({ type }) => type === undefined)) {
    const untold = 'RunCloud does not tell which domain is primary';
    if (protectedDomains.length > 0) return [];
    return [
      warning(
        `${untold}, so every removal is refused while PROTECTED_DOMAINS is empty`,
        "Name the network's own domains in PROTECTED_DOMAINS",
      ),
    ];
  }
  return domains
    .filter(({ type, name }) => type === 'primary' && !isProtected(name, protectedDomains))
    .map(({ name }) =>
      warning(
        `The primary domain ${name} is not in PROTECTED_DOMAINS`,
        `Add ${name} to PROTECTED_DOMAINS, so that events about it are refused`,
      ),
    );
}

function movedRemarks(moved: readonly MovedDomains[]): Finding[] {
  return moved.map(({ count, atLeast, serverId, appId }) => {
    const are = count === 1 && !atLeast ? 'is' : 'are';
    return warning(
      `${atLeast ? 'At least ' : ''}${plural(count, 'domain')} ${are} still recorded for server ${serverId}, web application ${appId}, and ${are} being added here`,
      'Wait until they are added. Nothing is deleted at the old web application: remove them there by hand',
    );
  });
}

export function domainsFinding(
  page: ListingPage,
  protectedDomains: readonly string[],
  {
    moved = [],
    drift = null,
  }: { readonly moved?: readonly MovedDomains[]; readonly drift?: Drift | null } = {},
): Finding {
  return remarked(domainsInWords(page), [
    ...primaryRemarks(page, protectedDomains),
    ...movedRemarks(moved),
    ...driftRemarks(drift),
  ]);
}

/** `www.` names count too, but only those of the first page are known. */
function certificateNames(page: ListingPage): number {
  return countOf(page) + page.domains.filter(({ www }) => www === true).length;
}

function basicFinding(page: ListingPage | undefined): Finding {
  const mode = `SSL is in basic mode: one certificate for all domains, ${MOST_NAMES} names at most`;
  if (page === undefined) return ok(mode);
  const names = certificateNames(page);
  const counted = `${mode}, ${hasMore(page) ? 'at least ' : ''}${names} in use`;
  if (names < MANY_NAMES) return ok(counted);
  return warning(
    `${counted}${names > MOST_NAMES ? ': no certificate can hold them all' : ''}`,
    'Switch the web application to advanced SSL (RunCloud: SSL/TLS), one certificate for each domain; the relay never switches it',
  );
}

/** `page`: the first page of domains; undefined if it could not be read. */
export function certificatesFinding(mode: SslMode, page: ListingPage | undefined): Finding {
  switch (mode) {
    case 'basic':
      return basicFinding(page);
    case 'advanced':
      return ok('SSL is in advanced mode: a certificate for each domain');
    case 'autossl':
      return ok('AutoSSL is on: RunCloud orders certificates by itself, the relay waits for them');
    case 'unknown':
      return warning(
        'RunCloud does not tell the SSL mode, so the relay cannot know how to order certificates',
        'Open SSL/TLS of the web application in the panel once and choose a mode; see that plan and token may use it',
      );
  }
}

export function wildcardFinding(page: ListingPage): Finding {
  const wildcards = page.domains.flatMap(servedNames).filter((name) => name.startsWith('*.'));
  if (wildcards.length > 0) return ok(`Native subdomains are covered by ${wildcards.join(', ')}`);
  const primary = page.domains.find(({ type }) => type === 'primary')?.name ?? 'the network';
  return warning(
    hasMore(page)
      ? `None among the first ${page.domains.length} of ${countOf(page)} domains: without one, native subdomains are added one by one`
      : 'None: native subdomains are added one by one',
    `If sites live on subdomains of ${primary}, add a wildcard for them to the web application`,
  );
}
