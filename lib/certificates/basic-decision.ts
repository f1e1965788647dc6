import type { CertificateOrder } from '../sync/items.ts';
import { allowedAt, budgetAt, setOf } from './limits.ts';
import type { CertificateWaits } from './waits.ts';

/** An attached name that does not pass the gate, and what mends it. */
export interface BadName {
  readonly name: string;
  readonly fix: string;
}

export interface BasicCase {
  readonly now: number;
  readonly waits: CertificateWaits;
  /** All names the application's certificate would have to cover. */
  readonly names: readonly string[];
  readonly bad: readonly BadName[];
  /** Since when the wish that has waited longest is ready. */
  readonly oldestReadyAt: number;
  /** Some domain of the network is still to be added or removed. */
  readonly hostingOpen: boolean;
  /** Orders of the last week. */
  readonly orders: readonly CertificateOrder[];
}

export type BasicDecision =
  | { readonly kind: 'order'; readonly set: string; readonly despite: string | null }
  | {
      readonly kind: 'wait';
      readonly until: number;
      readonly reason: 'held-by-name' | 'order-budget' | null;
      readonly fix: string | null;
    }
  | { readonly kind: 'too-many'; readonly count: number };

/** Let's Encrypt's limit (contracts/runcloud-api.md §9). */
export const MOST_NAMES = 100;

const heldUntil = ({ now, waits, oldestReadyAt, orders }: BasicCase): number => {
  const tried = orders.filter(({ despite }) => despite !== null).map(({ at }) => at);
  const daily = tried.length === 0 ? 0 : Math.max(...tried) + waits.dailyMs;
  return Math.max(oldestReadyAt + waits.heldMs, daily, now);
};

/**
 * Whether to order the one certificate of a whole application now: every attached name is in it, so one that points
 * elsewhere may fail the order for all, and every order counts against every customer's domain. Pure.
 */
export const decideBasic = (facts: BasicCase): BasicDecision => {
  const { now, waits, names, bad, oldestReadyAt, hostingOpen, orders } = facts;
  if (names.length > MOST_NAMES) return { kind: 'too-many', count: names.length };
  const gatheredAt = oldestReadyAt + waits.oldestMs;
  if (hostingOpen && now < gatheredAt) {
    return { kind: 'wait', until: Math.min(gatheredAt, now + waits.gatherMs), reason: null, fix: null };
  }
  const set = setOf(names);
  const freeAt = Math.max(allowedAt(orders, set, now), budgetAt(orders, now));
  if (freeAt > now) {
    const fix =
      'Nothing is to be done: the limits of the certificate authority allow the next order then. In RunCloud, advanced SSL gives every domain a certificate, and limits, of its own';
    return { kind: 'wait', until: freeAt, reason: 'order-budget', fix };
  }
  const [first] = bad;
  if (first === undefined) return { kind: 'order', set, despite: null };
  const until = heldUntil(facts);
  if (until <= now) return { kind: 'order', set, despite: first.name };
  const fix = `${first.name} shares the certificate and does not point here. ${first.fix}; or remove it from the web application`;
  // Looked at again long before, for the name may be mended or removed any time.
  return { kind: 'wait', until: Math.min(until, now + waits.heldMs / 6), reason: 'held-by-name', fix };
};
