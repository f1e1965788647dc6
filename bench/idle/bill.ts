import { prices } from '../aws/prices.ts';
import type { Billable } from './billable.ts';

const HOURS = 730;
const MINUTES = HOURS * 60;

/** Lambda keeps five polls of 20 s open at each queue, whatever its concurrency. */
const POLLS = (5 * HOURS * 3_600) / 20;

/** Of a call that finds nothing to do: twice what it lasts, and what Lambda itself logs of it. */
const SWEEP_SECONDS = 0.2;
const SWEEP_GB = 0.25;
const LOGGED_GB = 400 / 1e9;

/** DynamoDB asks KMS for the table's key every five minutes while the table is used. */
const KEY_REQUESTS = HOURS * 12;

/** A month of a stage with one network in which nothing happens, in US dollars. */
export function idleBill(
  { alarmMetrics, dashboards, polledQueues, callsEachMinute }: Billable,
  sweep: { readonly reads: number; readonly writes: number },
): Readonly<Record<string, number>> {
  const calls = MINUTES * callsEachMinute;
  return {
    alarms: alarmMetrics * prices.alarmMetric,
    dashboards: dashboards * prices.dashboardMonth,
    secrets: prices.secretMonth,
    polls: polledQueues * POLLS * prices.queueRequest,
    lambda: calls * (prices.lambdaCall + SWEEP_SECONDS * SWEEP_GB * prices.lambdaGbSecond),
    ledger: calls * (sweep.reads * prices.readUnit + sweep.writes * prices.writeUnit),
    keys: KEY_REQUESTS * prices.keyRequest,
    logs: calls * LOGGED_GB * prices.logGb,
  };
}

export function sum(bill: Readonly<Record<string, number>>): number {
  return Object.values(bill).reduce((total, part) => total + part, 0);
}
