import type { CertificateOrder } from '../sync/items.ts';
import { allowedAt, budgetAt, setOf } from './limits.ts';
import type { CertificateWaits } from './waits.ts';

/** A name the certificate would have to cover that does not pass the gate, and what mends it. */
export interface BadName {
  readonly name: string;
  readonly fix: string;
}

export interface OrderCase {
  readonly now: number;
  readonly waits: CertificateWaits;
  /** Whether the certificate is the whole application's, or one domain's. */
  readonly mode: 'basic' | 'advanced';
  /** All names it would have to cover. */
  readonly names: readonly string[];
  readonly bad: readonly BadName[];
  /** Since when the wish that has waited longest is ready. */
  readonly oldestReadyAt: number;
  /** Orders of the last week. */
  readonly orders: readonly CertificateOrder[];
}

export type OrderDecision =
  | { readonly kind: 'order'; readonly set: string; readonly despite: readonly string[] }
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly reason: 'held-by-name' | 'order-budget';
      readonly fix: string;
    };

const WAIT_FIX = 'Nothing is to be done: the limits of the certificate authority allow the next order then';
const budgetFixes = {
  basic: `${WAIT_FIX}. In RunCloud, advanced SSL gives every domain a certificate, and limits, of its own`,
  advanced: WAIT_FIX,
} as const;
const wayOut = {
  basic: 'or remove it from the web application',
  advanced: 'or serve the domain without it',
} as const;

/** One that stays bad must be among them, whatever else is bad for a moment; the ledger's items stay small. */
const MOST_REMEMBERED = 5;

const heldUntil = ({ now, waits, bad, oldestReadyAt, orders }: OrderCase): number => {
  const tried = orders
    .filter(({ despite }) => bad.some(({ name }) => despite.includes(name)))
    .map(({ at }) => at);
  const daily = tried.length === 0 ? 0 : Math.max(...tried) + waits.dailyMs;
  return Math.max(oldestReadyAt + waits.heldMs, daily, now);
};

/**
 * Whether to order a certificate for these names now: one that points elsewhere may fail the order for all, and in
 * basic mode every order counts against every customer's domain. Pure.
 */
export const decideOrder = (facts: OrderCase): OrderDecision => {
  const { now, waits, mode, names, bad, orders } = facts;
  const set = setOf(names);
  const freeAt = Math.max(allowedAt(orders, set, now), budgetAt(orders, now));
  if (freeAt > now) return { kind: 'wait', until: freeAt, reason: 'order-budget', fix: budgetFixes[mode] };
  const [first] = bad;
  if (first === undefined) return { kind: 'order', set, despite: [] };
  const until = heldUntil(facts);
  if (until <= now) {
    return { kind: 'order', set, despite: bad.slice(0, MOST_REMEMBERED).map(({ name }) => name) };
  }
  const fix = `${first.name} shares the certificate and does not point here. ${first.fix}; ${wayOut[mode]}`;
  // Looked at again long before, for the name may be mended or removed any time.
  return { kind: 'wait', until: Math.min(until, now + waits.heldMs / 6), reason: 'held-by-name', fix };
};
