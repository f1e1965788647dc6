import type { NameCount, NetworkItem } from '../../sync/ledger/items/network-item.ts';
import { networkKey } from '../../sync/ledger/keys.ts';
import type { App, ListingPage } from '../../sync/ledger/runcloud-ports.ts';
import { isSameApp } from '../../sync/ledger/same-app.ts';
import type { Followed } from '../../sync/ledger/updates/followed.ts';
import type { ItemUpdate } from '../../sync/ledger/updates/update.ts';
import type { Ready } from '../checks/check-certificate.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';

/** Let's Encrypt's limit (docs/external-systems.md, "The certificate authority and DNS"). */
const MOST_NAMES = 100;

/** Of a day. A count expires before the next daily check of the domain for which the names were counted. */
const COUNT_KEPT = 3 / 4;

function tooMany(count: number): CertificateResult {
  return {
    kind: 'failed',
    reason: 'name-limit',
    fix: `One certificate holds at most ${MOST_NAMES} names, and the web application has ${count}: switch it to advanced SSL in RunCloud's panel, where every domain has a certificate of its own`,
    error: { code: 'runcloud-refused', message: `${count} names do not fit into one certificate` },
  };
}

type CountServices = Pick<CertificateServices, 'ledger' | 'clock' | 'delays'>;

/** The last count of this application's names, if they were too many and were counted lately. */
async function lastCount(
  { network, access: { app } }: Pick<CertificateSession, 'network' | 'access'>,
  { ledger, clock, delays }: CountServices,
): Promise<NameCount | undefined> {
  const last = (await ledger.read(networkKey(network)))?.item.tooManyNames ?? null;
  if (last === null || !isSameApp(last, app)) return undefined;
  return last.countedAt > clock.now() - delays.dailyMs * COUNT_KEPT ? last : undefined;
}

function withCount(tooManyNames: NameCount | null) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const same = item === undefined || (tooManyNames === null && item.tooManyNames === null);
    return { ...(same ? {} : { write: { ...item, tooManyNames } }), result: undefined };
  };
}

export interface CountTerms {
  readonly session: { readonly access: { readonly app: App } };
  readonly network: Followed<'network'>;
}

/**
 * Compares the number of listed names with the limit. If there are too many, the count is kept for a while, so that the
 * daily checks of all their domains do not list them again. Undefined: they fit.
 */
export async function limitNames(
  names: number,
  { session, network }: CountTerms,
  { clock }: Pick<CountServices, 'clock'>,
): Promise<CertificateResult | undefined> {
  const fits = names <= MOST_NAMES;
  const { serverId, appId } = session.access.app;
  const counted = fits ? null : { names, countedAt: clock.now(), serverId, appId };
  const rule = withCount(counted);
  // Only the worker that holds the lease on the application counts, so what it has seen is true.
  const seen = network.last();
  if (seen === undefined || rule(seen).write !== undefined) await network.update(rule);
  return fits ? undefined : tooMany(names);
}

/** The rows of all pages, as far as the first page may be believed: it is full, and its last page could hold them. */
function statedRows({
  domains,
  unreadable,
  total = 0,
  lastPage = Number.POSITIVE_INFINITY,
  more,
}: ListingPage): number {
  return more && total <= lastPage * (domains.length + unreadable) ? total : 0;
}

/**
 * Whether the first page already shows too many names: it states the number of rows, and each is a name. Undefined: only
 * the whole list can show it.
 */
export async function tooManyRows(
  first: ListingPage,
  terms: CountTerms,
  s: CountServices,
): Promise<CertificateResult | undefined> {
  const rows = statedRows(first);
  return rows > MOST_NAMES ? limitNames(rows, terms, s) : undefined;
}

/**
 * The results of requests that have already failed for too many names, while the last count is fresh: RunCloud is not
 * called for them. New requests and new tries are not included.
 */
export async function withinLastCount(
  ready: readonly Ready[],
  session: CertificateSession,
  s: CountServices,
): Promise<Map<Ready, CertificateResult>> {
  const failed = ready.filter(({ item }) => item.state === 'failed' && item.reason === 'name-limit');
  const counted = failed.length === 0 ? undefined : await lastCount(session, s);
  return new Map(counted === undefined ? [] : failed.map((request) => [request, tooMany(counted.names)]));
}
