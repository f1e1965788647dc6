import fc from 'fast-check';
import type { SslMode } from '../../../lib/sync/ledger/runcloud-ports.ts';

/** Where a name may point. `unanswered`: its name servers are dead; `caa`: here, but the CA is kept out. */
export const PLACES = ['here', 'none', 'elsewhere', 'ipv6', 'proxied', 'caa', 'unanswered'] as const;
export type Place = (typeof PLACES)[number];

/** All names with random DNS; every other one points here. */
export const NAMES = [
  'acme-bikes.com',
  'www.acme-bikes.com',
  'shop.acme-bikes.com',
  'www.shop.acme-bikes.com',
  'promoted.example.org',
] as const;

/** From `at` on (seconds after the beginning) a name points elsewhere than before. */
export interface Pointing {
  readonly name: number;
  readonly at: number;
  readonly place: Place;
}

/** An `ssl_retry` of the multisite, and when each copy of it arrives. */
export interface PlannedRetry {
  readonly domain: number;
  readonly saidAt: number;
  readonly deliveries: readonly number[];
  readonly reason: 'dns_ready' | 'ssl_failed' | 'manual';
}

/** How this history's RunCloud makes certificates; each unknown (docs/external-systems.md) has its switch. */
export interface SslPlan {
  readonly mode: SslMode;
  /** An operator switches the mode in the panel. */
  readonly switches: { readonly at: number; readonly mode: SslMode } | null;
  /** Seconds until an order's certificate is shown; 0: before the order is answered. */
  readonly landsWithin: number;
  /** A name that the CA refuses is left out; otherwise the whole order fails. */
  readonly skipsBadNames: boolean;
  /** Orders are refused with 422. `sometimes`: until the world recovers. */
  readonly refuses: 'never' | 'sometimes' | 'always';
  /** A redeploy asks for the names of before. */
  readonly keepsNames: boolean;
  /** A second install replaces the first; otherwise it is refused. */
  readonly installsAnew: boolean;
  readonly lifetimeDays: number;
  readonly renews: boolean;
  /** From the beginning an operator's certificate for the first name is installed for the whole application. */
  readonly uploaded: boolean;
  /** AutoSSL really orders. */
  readonly autoIssues: boolean;
  /** Before the first certificate the server shows another one; otherwise it does not listen at all. */
  readonly listens: boolean;
  readonly points: readonly Pointing[];
  readonly retries: readonly PlannedRetry[];
  /** Days that pass once all work is done. */
  readonly watchDays: number;
}

const MODES = ['basic', 'advanced', 'autossl', 'unknown'] as const;

function weighted<T>(often: T, ...seldom: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(often) }, fc.constantFrom(...seldom));
}

const pointing: fc.Arbitrary<Pointing> = fc.record({
  name: fc.nat({ max: NAMES.length - 1 }),
  at: fc.oneof(fc.constant(0), fc.nat({ max: 7_200 }), fc.nat({ max: 9 * 86_400 })),
  place: fc.constantFrom(...PLACES),
});

const retry: fc.Arbitrary<PlannedRetry> = fc.record({
  domain: fc.oneof(fc.constant(2), fc.nat({ max: 3 })),
  saidAt: fc.oneof(fc.nat({ max: 3_600 }), fc.nat({ max: 2 * 86_400 })),
  deliveries: fc.array(fc.nat({ max: 1_200 }), { minLength: 1, maxLength: 2 }),
  reason: fc.constantFrom('manual', 'ssl_failed', 'dns_ready'),
});

/** An owner who presses the button every minute, or has a script do it. */
const storm: fc.Arbitrary<PlannedRetry[]> = fc
  .record({ from: fc.nat({ max: 7_200 }), every: fc.integer({ min: 20, max: 600 }) })
  .map(({ from, every }) =>
    Array.from({ length: 12 }, (_, i) => ({
      domain: 2,
      saidAt: from + i * every,
      deliveries: [0],
      reason: 'manual' as const,
    })),
  );

const switching = fc.record({ at: fc.nat({ max: 86_400 }), mode: fc.constantFrom(...MODES) });

/** Shrinks towards a RunCloud that does at once what it is asked, in a world whose names all point here. */
export const sslPlans: fc.Arbitrary<SslPlan> = fc.record({
  mode: fc.oneof(
    { weight: 4, arbitrary: fc.constant('basic' as const) },
    { weight: 2, arbitrary: fc.constant('advanced' as const) },
    { weight: 1, arbitrary: fc.constantFrom('autossl' as const, 'unknown' as const) },
  ),
  switches: fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, switching),
  landsWithin: fc.constantFrom(0, 60, 900),
  skipsBadNames: fc.boolean(),
  refuses: weighted<SslPlan['refuses']>('never', 'sometimes', 'always'),
  keepsNames: weighted(false, true),
  installsAnew: fc.boolean(),
  lifetimeDays: weighted(90, 45, 10),
  renews: fc.boolean(),
  uploaded: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  autoIssues: fc.boolean(),
  listens: fc.boolean(),
  points: fc.array(pointing, { maxLength: 5 }),
  retries: fc.oneof(
    { weight: 3, arbitrary: fc.array(retry, { maxLength: 4 }) },
    { weight: 1, arbitrary: storm },
  ),
  watchDays: weighted(0, 14, 60),
});
