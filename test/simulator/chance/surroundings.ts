import fc from 'fast-check';
import type { Kind } from '../../../lib/sync/ledger/keys.ts';

/** The longest time that each kind of question takes, in milliseconds; 0: its answer comes at once. */
export interface Latency {
  readonly runcloudMs: number;
  readonly dnsMs: number;
  readonly tlsMs: number;
}

/**
 * The items that are written for one domain, for a network, for an application or for a credential. The lease of the sweep and the
 * id of the table are left out: without the first nothing moves until it comes back, and no pass writes the second.
 */
export const FAULTY_KINDS = [
  'domain',
  'certificate',
  'network',
  'notices',
  'outcome',
  'domainOrders',
  'appOrders',
  'certificateWork',
  'comparison',
  'listing',
  'claim',
  'rateLimit',
] as const satisfies readonly Kind[];

/** One item of the ledger that no worker can use for a while. */
export interface ItemFault {
  readonly kind: (typeof FAULTY_KINDS)[number];
  /** Of the domain whose item it is, whose outcome, or under whose registered domain orders are counted. */
  readonly domain: number;
  /** Seconds after the beginning, and how long it lasts. */
  readonly from: number;
  readonly lasts: number;
}

/** Seconds until it begins, and how long it lasts. */
export interface Period {
  readonly from: number;
  readonly lasts: number;
}

/** What is unusual about the systems around the relay, apart from calls that fail. */
export interface Surroundings {
  readonly latency: Latency;
  /** DynamoDB throttles this item: most calls about it fail. */
  readonly throttled: ItemFault | null;
  /** A newer version has written this item, and this one cannot read it. */
  readonly unreadable: ItemFault | null;
  /** Rows of other sites in the first web application. */
  readonly foreignRows: number;
  /** Another user of the panel replaces such rows while the relay reads the list. */
  readonly rowsMove: boolean;
  /** Port 443 of the server does not answer, once all work is done and days are watched. */
  readonly silent: Period | null;
  /** The network's own row serves every name below it. */
  readonly wildcard: boolean;
  /** Another network of the deployment has the same RunCloud token. */
  readonly sharesToken: boolean;
  /** Another network of the deployment claims the first web application too. */
  readonly rival: Period | null;
  readonly api: 'v2' | 'v3';
  /** After this many seconds the clock of each host is set: one that was fast is slow, by as much. */
  readonly clocksSetAt: number | null;
  /** What a killed task has sent to the ledger or a queue may arrive seconds later. */
  readonly killsRunOn: boolean;
}

const AT_ONCE: Latency = { runcloudMs: 0, dnsMs: 0, tlsMs: 0 };

export const QUIET: Surroundings = {
  latency: AT_ONCE,
  throttled: null,
  unreadable: null,
  foreignRows: 0,
  rowsMove: false,
  silent: null,
  wildcard: false,
  sharesToken: false,
  rival: null,
  api: 'v3',
  clocksSetAt: null,
  killsRunOn: false,
};

function seldom<T, S>(usual: T, arbitrary: fc.Arbitrary<S>, weight: number): fc.Arbitrary<T | S> {
  return fc.oneof<[fc.WeightedArbitrary<T>, fc.WeightedArbitrary<S>]>(
    { weight, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary },
  );
}

const latency: fc.Arbitrary<Latency> = fc.record({
  runcloudMs: fc.constantFrom(900, 20_000),
  dnsMs: fc.constantFrom(0, 4_000),
  tlsMs: fc.constantFrom(0, 4_000),
});

const itemFault: fc.Arbitrary<ItemFault> = fc.record({
  // The items that most passes need come up most.
  kind: fc.constantFrom('domain', 'certificate', 'network', 'notices', 'outcome', ...FAULTY_KINDS),
  domain: fc.oneof(fc.constant(2), fc.nat({ max: 3 })),
  from: fc.oneof(fc.nat({ max: 120 }), fc.nat({ max: 3_600 })),
  // One in eight for longer than a pass or a message waits.
  lasts: fc.oneof({ weight: 7, arbitrary: fc.integer({ min: 5, max: 1_800 }) }, fc.constant(3 * 3_600)),
});

export const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  latency: seldom(AT_ONCE, latency, 2),
  throttled: seldom(null, itemFault, 5),
  unreadable: seldom(null, itemFault, 5),
  // More than a page, and more than one certificate holds.
  foreignRows: seldom(0, fc.constantFrom(45, 105), 7),
  rowsMove: fc.boolean(),
  silent: seldom(
    null,
    fc.record({ from: fc.nat({ max: 3 * 86_400 }), lasts: fc.integer({ min: 600, max: 5 * 86_400 }) }),
    7,
  ),
  wildcard: fc.boolean(),
  sharesToken: seldom(false, fc.constant(true), 5),
  api: seldom('v3' as const, fc.constant('v2' as const), 5),
  clocksSetAt: seldom(null, fc.nat({ max: 3_600 }), 3),
  killsRunOn: fc.boolean(),
  rival: seldom(
    null,
    fc.record({ from: fc.nat({ max: 1_800 }), lasts: fc.integer({ min: 60, max: 4 * 3_600 }) }),
    7,
  ),
});
