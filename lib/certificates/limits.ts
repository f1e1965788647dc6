import { createHash } from 'node:crypto';
import type { CertificateOrder } from '../sync/items.ts';

const HOUR_MS = 60 * 60 * 1_000;
export const WEEK_MS = 7 * 24 * HOUR_MS;

/** The CA refuses the fifth failed validation of a name within an hour, and the sixth order for one set a week. */
const MOST_FAILED_AN_HOUR = 4;
const MOST_OF_ONE_SET_A_WEEK = 4;
/** The last of them is kept for later when the one before has failed: what ails RunCloud for minutes must not cost a week. */
const LAST_OF_A_SET_KEPT_MS = 4 * HOUR_MS;
/** An order for a whole application counts against every customer's domain in it, of 50 a week. */
const MOST_A_WEEK = 40;
/** So many of them are free; behind them the distance between two orders grows. */
const UNSPACED = 20;

/** Tells sets of names apart, whatever their order. */
export const setOf = (names: readonly string[]): string =>
  createHash('sha256').update(names.toSorted().join(',')).digest('hex').slice(0, 16);

/** Orders that any limit still counts. */
export const lately = (orders: readonly CertificateOrder[], now: number): CertificateOrder[] =>
  orders.filter(({ at }) => at > now - WEEK_MS);

/** When the `most`-th last of these is older than the window: before that, one more would be too many. */
const freeAt = (times: readonly number[], most: number, windowMs: number): number => {
  const blocking = times.toSorted((a, b) => a - b).at(-most);
  return times.length < most || blocking === undefined ? 0 : blocking + windowMs;
};

/** From when on the CA's limits allow an order for this set of names; in the past: at once. */
export const allowedAt = (orders: readonly CertificateOrder[], set: string, now: number): number => {
  const counted = lately(orders, now);
  const failed = counted.filter((order) => order.failed && order.at > now - HOUR_MS).map(({ at }) => at);
  const same = counted.filter((order) => order.set === set).toSorted((a, b) => a.at - b.at);
  const last = same.at(-1);
  const kept = same.length === MOST_OF_ONE_SET_A_WEEK - 1 && last?.failed === true;
  return Math.max(
    freeAt(failed, MOST_FAILED_AN_HOUR, HOUR_MS),
    freeAt(
      same.map(({ at }) => at),
      MOST_OF_ONE_SET_A_WEEK,
      WEEK_MS,
    ),
    kept ? last.at + LAST_OF_A_SET_KEPT_MS : 0,
  );
};

/** From when on the week's budget of a whole application allows an order: the less is left, the longer it gathers. */
export const budgetAt = (orders: readonly CertificateOrder[], now: number): number => {
  const times = lately(orders, now).map(({ at }) => at);
  const spent = freeAt(times, MOST_A_WEEK, WEEK_MS);
  const beyond = Math.max(0, times.length - UNSPACED) / (MOST_A_WEEK - UNSPACED);
  const spacingMs = beyond * (WEEK_MS / MOST_A_WEEK);
  return Math.max(spent, beyond === 0 ? 0 : Math.max(...times) + spacingMs);
};
