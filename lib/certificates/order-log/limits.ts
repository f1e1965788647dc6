import { createHash } from 'node:crypto';
import type { CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import { DAY_MS, HOUR_MS } from '../../sync/ledger/time.ts';

export const WEEK_MS = 7 * DAY_MS;

/** The CA refuses the sixth failed validation of a name within an hour, and the sixth order for one set a week. */
const MOST_FAILED_AN_HOUR = 4;
const MOST_OF_ONE_SET_A_WEEK = 4;
/** The last of them waits when the one before has failed, so a short failure of RunCloud does not cost a week. */
const LAST_OF_A_SET_KEPT_MS = 4 * HOUR_MS;
/** The CA issues 50 certificates a week for a registered domain; RunCloud's own renewals are among them. */
const MOST_A_WEEK = 40;
/** The CA takes 300 orders in three hours from one account. Whether others share RunCloud's account is unknown. */
const MOST_OF_AN_ACCOUNT = 250;
export const ACCOUNT_WINDOW_MS = 3 * HOUR_MS;
/** Orders of a whole application without spacing. After them the distance between two orders grows. */
const UNSPACED = 20;

/**
 * Which limit keeps an order waiting: the weekly one of the order log or of a registered domain, the spacing that protects
 * it, that of the same names, of failures, or of the account that RunCloud orders with.
 */
export type OrderLimit = 'week' | 'registered-domain' | 'spacing' | 'same-names' | 'failures' | 'account';

/** What the limits need to know of an order. */
export type LimitedOrder = Pick<CertificateOrder, 'at' | 'set' | 'failed'>;

/** Identifies a set of names, regardless of their order. */
export function setOf(names: readonly string[]): string {
  return createHash('sha256').update(names.toSorted().join(',')).digest('hex').slice(0, 16);
}

/** Orders that at least one limit still counts. */
export function lately<T extends { readonly at: number }>(orders: readonly T[], now: number): T[] {
  return orders.filter(({ at }) => at > now - WEEK_MS);
}

/** When fewer than `most` of these times lie within the window; 0: now. The functions below return the same kind of time. */
function freeAt(times: readonly number[], most: number, windowMs: number, now: number): number {
  const within = times.filter((at) => at > now - windowMs);
  const blocking = within.toSorted((a, b) => a - b).at(-most);
  return within.length < most || blocking === undefined ? 0 : blocking + windowMs;
}

/** When a name with these orders may fail once more. */
export function failuresAt(orders: readonly LimitedOrder[], now: number): number {
  const failed = orders.filter((order) => order.failed).map(({ at }) => at);
  return freeAt(failed, MOST_FAILED_AN_HOUR, HOUR_MS, now);
}

/** When the same names may be ordered again. */
export function sameNamesAt(orders: readonly LimitedOrder[], set: string, now: number): number {
  const same = lately(orders, now)
    .filter((order) => order.set === set)
    .toSorted((a, b) => a.at - b.at);
  const last = same.at(-1);
  const kept = same.length === MOST_OF_ONE_SET_A_WEEK - 1 && last?.failed === true;
  const spent = freeAt(
    same.map(({ at }) => at),
    MOST_OF_ONE_SET_A_WEEK,
    WEEK_MS,
    now,
  );
  return Math.max(spent, kept ? last.at + LAST_OF_A_SET_KEPT_MS : 0);
}

/** When the week has room for one more order, after those made at these times. */
export function weekAt(times: readonly number[], now: number): number {
  return freeAt(times, MOST_A_WEEK, WEEK_MS, now);
}

/** When a whole application may order again: the fewer orders its week has left, the longer it waits. */
export function spacedAt(orders: readonly LimitedOrder[], now: number): number {
  const times = lately(orders, now).map(({ at }) => at);
  const beyond = Math.max(0, times.length - UNSPACED) / (MOST_A_WEEK - UNSPACED);
  return beyond === 0 ? 0 : Math.max(...times) + beyond * (WEEK_MS / MOST_A_WEEK);
}

/** When the account may order once more, after orders at these times. */
export function accountAt(times: readonly number[], now: number): number {
  return freeAt(times, MOST_OF_AN_ACCOUNT, ACCOUNT_WINDOW_MS, now);
}
