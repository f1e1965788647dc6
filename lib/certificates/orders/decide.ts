import type { ParkingReason } from '../../sync/ledger/items/domain-item.ts';
import type { CertificateDelays } from '../delays.ts';
import { type OrderLimit, setOf } from '../order-log/limits.ts';
import { type Counted, spentLimit } from '../order-log/spent-limit.ts';

/** A name that the certificate would have to cover, that may fail it for all, and its fix. */
export interface UnreadyName {
  readonly name: string;
  readonly reason: ParkingReason;
  readonly fix: string;
  /** Visitors of the name may reach the server all the same. */
  readonly leadsHere: boolean;
}

export interface OrderCase extends Counted {
  readonly delays: CertificateDelays;
  /** All names it would have to cover. */
  readonly names: readonly string[];
  readonly unready: readonly UnreadyName[];
  /** Since when the request that has waited longest is ready. */
  readonly oldestReadyAt: number;
}

export type OrderDecision =
  | { readonly kind: 'order'; readonly set: string; readonly includedUnready: readonly string[] }
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly reason: 'held-by-name';
      readonly fix: string;
    }
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly reason: 'order-budget';
      readonly limit: OrderLimit;
      readonly fix: string;
    };

const wayOut = {
  basic: 'or remove it from the web application',
  advanced: 'or serve the domain without it',
} as const;

/** Enough to include a name that stays bad among names that are bad for a moment; few enough for a small item. */
const MOST_REMEMBERED = 5;

/** Of the time for which a name has held the order: how long until it is checked again. */
const CHECKED_AFTER = 1 / 6;

/** Since when unready names hold the order, and until when. */
function holdOf({ delays, unready, oldestReadyAt, orders }: OrderCase) {
  const tried = orders
    .filter(({ includedUnready }) => unready.some(({ name }) => includedUnready.includes(name)))
    .map(({ at }) => at);
  const triedAt = Math.max(0, ...tried);
  const daily = triedAt === 0 ? 0 : triedAt + delays.dailyMs;
  return {
    since: Math.max(oldestReadyAt, triedAt),
    until: Math.max(oldestReadyAt + delays.heldMs, daily),
  };
}

/** The name may be fixed or removed at any time, so it is checked long before the hold ends, and less often the longer it lasts. */
function nextCheckAt({ since, until }: ReturnType<typeof holdOf>, { now, delays }: OrderCase): number {
  const waitMs = Math.max(delays.heldMs, now - since) * CHECKED_AFTER;
  return Math.min(until, now + Math.round(waitMs));
}

/**
 * Whether to order a certificate for these names now: one that points elsewhere may fail the order for all, and in
 * basic mode every order counts against every customer's domain. Pure.
 */
export function decideOrder(facts: OrderCase): OrderDecision {
  const { now, mode, names, unready } = facts;
  const set = setOf(names);
  const spent = spentLimit(facts, set);
  if (spent !== undefined) return { ...spent, kind: 'wait', reason: 'order-budget' };
  const [first] = unready;
  if (first === undefined) return { kind: 'order', set, includedUnready: [] };
  const hold = holdOf(facts);
  if (hold.until <= now) {
    return { kind: 'order', set, includedUnready: unready.slice(0, MOST_REMEMBERED).map(({ name }) => name) };
  }
  const why = first.reason === 'name-unsupported' ? 'can have none' : 'does not point here';
  const fix = `${first.name} shares the certificate and ${why}. ${first.fix}; ${wayOut[mode]}`;
  return { kind: 'wait', until: nextCheckAt(hold, facts), reason: 'held-by-name', fix };
}
