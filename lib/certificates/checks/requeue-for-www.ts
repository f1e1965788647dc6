import { withoutReturn } from '../../sync/ledger/domains/grace.ts';
import { isWwwWithheld } from '../../sync/ledger/domains/withheld-www.ts';
import { DNS_TIMEOUT_MS, mayServeWww, WWW, wwwToServe } from '../../sync/ledger/domains/www.ts';
import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../sync/ledger/items/domain-item.ts';
import { makeDue, makeDueBy } from '../../sync/ledger/items/work-item.ts';
import { certificateKey, domainKey } from '../../sync/ledger/keys.ts';
import type { Access, App } from '../../sync/ledger/runcloud-ports.ts';
import { isSameApp } from '../../sync/ledger/same-app.ts';
import { DAY_MS } from '../../sync/ledger/time.ts';
import { unlessUnreadable } from '../../sync/ledger/unreadable.ts';
import { updateItem } from '../../sync/ledger/updates/update.ts';
import { isProtected } from '../../sync/network/listing/protected-names.ts';
import { loadListing } from '../../sync/network/listing/stored-listing.ts';
import type { CertificateServices } from '../services.ts';

/** Settled, or under a lease of a pass that may have asked about `www.` before. Work that only waits asks by itself. */
function mayMissIt({ state, dueAt, owner }: DomainItem): boolean {
  return owner !== null || (state === 'present' && dueAt === null);
}

/** sync-domain decides whether `www.` is served. This makes the domain due when that should change. */
export function noteWww(
  { network, domain }: { readonly network: string; readonly domain: string },
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<void> {
  const now = clock.now();
  return unlessUnreadable(() =>
    updateItem(ledger, domainKey(network, domain), (item) => {
      // A removal that is taken back within its grace period needs a pass now.
      const waiting = item === undefined ? undefined : withoutReturn(item);
      if (waiting !== undefined) return { write: waiting, result: undefined };
      if (item?.wanted !== 'present' || !mayMissIt(item)) return { result: undefined };
      return { write: { ...item, ...makeDueBy(item, now) }, result: undefined };
    }),
  );
}

/** `www.X` that has a row of its own needs none of X: a pass over X would read the list and leave everything as it is. */
async function hasOwnRow(
  { network, domain, runcloudId }: DomainItem,
  { ledger }: Pick<CertificateServices, 'ledger'>,
): Promise<boolean> {
  const www = await unlessUnreadable(() => ledger.read(domainKey(network, WWW + domain)));
  if (runcloudId === null || www === undefined) return false;
  const { state, runcloudId: own } = www.item;
  return state === 'present' && own !== null && isSameApp(own, runcloudId);
}

/** The same where the relay does not know `www.X`: the list that a pass of this day has read may show its row. */
async function isListed(
  { network, domain }: DomainItem,
  app: App,
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<boolean> {
  const listing = await loadListing(ledger, network, app);
  if (listing === undefined || listing.begunAt < clock.now() - DAY_MS) return false;
  return listing.rows.some(({ name }) => name === WWW + domain);
}

/** RunCloud has taken a change that should end this `www.`, and has made none. */
function isServedUnasked(domain: DomainItem, protectedDomains: readonly string[], now: number): boolean {
  if (domain.wwwServed !== true || domain.domain.startsWith(WWW)) return false;
  const asked = domain.www && !isWwwWithheld(domain, now);
  return !asked && !isProtected(WWW + domain.domain, protectedDomains);
}

interface WwwTerms extends Pick<Access, 'app' | 'protectedDomains'> {
  readonly serverAddresses: readonly string[];
}

/** Checks daily that RunCloud still serves the right `www.`; if not, makes the domain due. Returns when it did. */
export async function askAboutWww(
  item: CertificateItem,
  domain: DomainItem,
  { app, serverAddresses, protectedDomains }: WwwTerms,
  s: Pick<CertificateServices, 'ledger' | 'clock' | 'delays' | 'askWww'>,
): Promise<number | null> {
  const now = s.clock.now();
  if (item.wwwAskedAt !== null && item.wwwAskedAt > now - s.delays.dailyMs) return null;
  if (isServedUnasked(domain, protectedDomains, now)) {
    await noteWww(domain, s);
    return now;
  }
  if (!mayServeWww(domain) || domain.wwwServed === null || isWwwWithheld(domain, now)) return null;
  const points = await s.askWww(WWW + domain.domain, { serverAddresses, timeoutMs: DNS_TIMEOUT_MS });
  const served = wwwToServe(points, domain.wwwServed);
  if (served === domain.wwwServed || (served && (await hasOwnRow(domain, s)))) return now;
  // Its row keeps serving it, wherever it points.
  if (!served && isProtected(WWW + domain.domain, protectedDomains)) return now;
  if (served && (await isListed(domain, app, s))) return now;
  await noteWww(domain, s);
  return now;
}

/** RunCloud serves `www.X` with X's row, so X's request orders what is missing. */
export async function requeueApex(
  item: CertificateItem,
  s: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<void> {
  const now = s.clock.now();
  const key = certificateKey(item.network, item.domain.slice(WWW.length));
  await unlessUnreadable(() =>
    updateItem(s.ledger, key, (apex) => {
      const settled = apex?.wanted === true && apex.state === 'valid';
      if (apex === undefined || !settled) return { result: undefined };
      return { write: { ...apex, ...makeDue(apex, now, now) }, result: undefined };
    }),
  );
}
