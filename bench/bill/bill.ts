import { prices } from '../aws/prices.ts';
import type { Units } from '../aws/units.ts';
import { assumed } from './assumed.ts';

const MILLION = 1_000_000;

/** What some work asks of AWS. */
export interface Work {
  readonly units: Units;
  /** Calls of functions, their time and their memory. */
  readonly calls: number;
  readonly gbSeconds: number;
  /** Lines that the functions write themselves. */
  readonly lines: readonly string[];
  /** Further bytes in the logs. */
  readonly logBytes?: number;
  readonly httpCalls?: number;
  /** Messages that Lambda receives and deletes. */
  readonly deliveries: number;
}

/** The bytes of a log that CloudWatch bills for. */
export function billedBytes({
  lines,
  calls,
  logBytes = 0,
}: Pick<Work, 'lines' | 'calls' | 'logBytes'>): number {
  const written = lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1 + assumed.logEventBytes, 0);
  const ofLambda = assumed.lambdaLogBytes + assumed.lambdaLogEvents * assumed.logEventBytes;
  return written + calls * ofLambda + logBytes;
}

/** US dollars for a million times this work, by what they are paid for. */
export function millionBill(work: Work): Readonly<Record<string, number>> {
  const { units, calls, gbSeconds, httpCalls = 0, deliveries } = work;
  const queueRequests = units.queues + deliveries * assumed.queueRequestsOfDelivery;
  const dollars = {
    api: httpCalls * prices.httpApiCall,
    lambda: calls * prices.lambdaCall + gbSeconds * prices.lambdaGbSecond,
    queues: queueRequests * prices.queueRequest,
    reads: units.reads * prices.readUnit,
    writes: units.writes * prices.writeUnit,
    logs: (billedBytes(work) * prices.logGb) / 1e9,
  };
  return Object.fromEntries(Object.entries(dollars).map(([name, each]) => [name, each * MILLION]));
}

/** Several works as one, each counted `share` times: what a burst does once is shared by its domains, and -1 takes a work away. */
export function together(works: readonly { readonly work: Work; readonly share?: number }[]): Work {
  const total = (of: (work: Work) => number): number =>
    works.reduce((sum, { work, share = 1 }) => sum + of(work) * share, 0);
  return {
    units: {
      reads: total(({ units }) => units.reads),
      writes: total(({ units }) => units.writes),
      queues: total(({ units }) => units.queues),
      secrets: total(({ units }) => units.secrets),
    },
    calls: total(({ calls }) => calls),
    gbSeconds: total(({ gbSeconds }) => gbSeconds),
    lines: [],
    // As billed, because lines have no share.
    logBytes: total(billedBytes) - total(({ calls }) => billedBytes({ lines: [], calls })),
    httpCalls: total(({ httpCalls = 0 }) => httpCalls),
    deliveries: total(({ deliveries }) => deliveries),
  };
}
