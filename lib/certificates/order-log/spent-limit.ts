import type { CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import {
  accountAt,
  failuresAt,
  type LimitedOrder,
  type OrderLimit,
  sameNamesAt,
  spacedAt,
  weekAt,
} from './limits.ts';

/** What the limits depend on before an order for a set of names. */
export interface Counted {
  readonly now: number;
  /** Whether the certificate is the whole application's, or one domain's. */
  readonly mode: 'basic' | 'advanced';
  /** Orders of the last week in the same order log. */
  readonly orders: readonly CertificateOrder[];
  /** For each of the names, all orders that covered it in the last week, this log's among them. */
  readonly ofNames: readonly (readonly LimitedOrder[])[];
  /** The times of the orders that count against each of their registered domains. */
  readonly ofRegistered: ReadonlyMap<string, readonly number[]>;
  /** The times of all orders of the network in the last hours. */
  readonly ofAccount: readonly number[];
}

interface Limit {
  readonly limit: OrderLimit;
  readonly until: number;
  /** The registered domain; null: the limit does not belong to one. */
  readonly domain: string | null;
}

function limitsOf({ now, mode, orders, ofNames, ofRegistered, ofAccount }: Counted, set: string): Limit[] {
  const wholeWeek = weekAt(
    orders.map(({ at }) => at),
    now,
  );
  const weeks = [...ofRegistered].map(([domain, times]) => ({ domain, until: weekAt(times, now) }));
  const ofBooks = [orders, ...ofNames].flatMap((counted) => [
    { limit: 'same-names' as const, until: sameNamesAt(counted, set, now) },
    { limit: 'failures' as const, until: failuresAt(counted, now) },
  ]);
  return [
    { limit: 'week', until: wholeWeek, domain: null },
    { limit: 'account', until: accountAt(ofAccount, now), domain: null },
    ...weeks.map((week) => ({ ...week, limit: 'registered-domain' as const })),
    // Names of an application share its orders, so waiting saves some; a domain's own certificate gains nothing by it.
    { limit: 'spacing', until: mode === 'basic' ? spacedAt(orders, now) : 0, domain: null },
    ...ofBooks.map((limit) => ({ ...limit, domain: null })),
  ];
}

const ADVANCED =
  'In RunCloud, advanced SSL gives every domain a certificate of its own, which counts against its own registered domain only';

function fixOf({ limit, domain }: Limit, mode: Counted['mode']): string {
  if (limit === 'failures') {
    return 'Too many orders have failed within an hour, and the certificate authority takes no more yet: fix what lastError says';
  }
  if (limit === 'account') {
    return 'Nothing is to be done: the certificate authority limits the orders of three hours, and others were first';
  }
  const whose = domain === null ? '' : `${domain} has had its orders of the week, and `;
  const fix = `Nothing is to be done: ${whose}the limits of the certificate authority allow the next order then`;
  return mode === 'basic' && domain === null ? `${fix}. ${ADVANCED}` : fix;
}

/** The limit that keeps an order waiting longest; undefined: none does. Pure. */
export function spentLimit(
  counted: Counted,
  set: string,
): { readonly limit: OrderLimit; readonly until: number; readonly fix: string } | undefined {
  const longest = limitsOf(counted, set).reduce((one, other) => (other.until > one.until ? other : one));
  const { limit, until } = longest;
  return until > counted.now ? { limit, until, fix: fixOf(longest, counted.mode) } : undefined;
}
