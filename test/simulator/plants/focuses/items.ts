import { type FAULTY_KINDS, type ItemFault, QUIET, type Surroundings } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { POINTED } from './certificates.ts';
import { CALM, SHORT, UNDISTURBED } from './short-and-calm.ts';
import { addition, removal } from './updates.ts';

const FOR_HOURS = { domain: 2, from: 20, lasts: 5 * 3_600 };

type Kind = (typeof FAULTY_KINDS)[number];

function fault(kind: Kind, part: Partial<ItemFault> = {}): ItemFault {
  return { kind, ...FOR_HOURS, ...part };
}

/** Nothing but one item is out of use. */
const STEADY = {
  ...CALM,
  ...UNDISTURBED,
  roughness: 0,
  slowness: 0,
  indexLag: 0,
  contention: 0,
  leaseSeconds: 330,
  callsPerMinute: 60,
  removalsPerHour: 0,
  additionsPerHour: 0,
  removalGraceMinutes: 0,
  readers: { multisite: true, people: true },
} satisfies Partial<Scenario>;

/** A list of so many pages that no call reads it whole. */
const LONG_LIST = {
  lists: { rowsPerPage: 3, meta: 'pagination' },
  latency: { runcloudMs: 20_000, dnsMs: 0, tlsMs: 0 },
} as const;

const LONG: Surroundings = { ...QUIET, foreignRows: 105, latency: LONG_LIST.latency };

/** Each wants a reply, and workers may be killed before they hand it on. */
const RETRIES = [1_500, 2_200, 2_900].map((saidAt) => ({
  domain: 2,
  saidAt,
  deliveries: [0],
  reason: 'ssl_failed' as const,
}));

/** An item is throttled, or cannot be read, for hours that is not a domain's, a certificate's or the network's own. */
export const itemFocuses = {
  unreadableNotices: {
    ...SHORT,
    ...STEADY,
    updates: [addition(2, 0), addition(0, 900)],
    surroundings: { ...QUIET, unreadable: fault('notices') },
  },
  throttledNotices: {
    ...SHORT,
    ...STEADY,
    updates: [addition(2, 0), addition(0, 900)],
    surroundings: { ...QUIET, throttled: fault('notices', { from: 0 }) },
  },
  throttledOutcome: {
    ...SHORT,
    ...STEADY,
    updates: [addition(2, 0), removal(2, 900)],
    surroundings: { ...QUIET, throttled: fault('outcome', { from: 0 }) },
  },
  unreadableDomainOrders: {
    ...STEADY,
    updates: [addition(2, 0), addition(0, 1_200)],
    ssl: { ...POINTED, points: [], mode: 'advanced' },
    surroundings: { ...QUIET, unreadable: fault('domainOrders', { from: 0 }) },
  },
  throttledAppOrders: {
    ...STEADY,
    roughness: 1,
    faults: ['lost'],
    updates: [addition(2, 0)],
    ssl: { ...POINTED, points: [], retries: RETRIES },
    surroundings: { ...QUIET, throttled: fault('appOrders', { from: 0 }) },
  },
  unreadableAppOrders: {
    ...STEADY,
    updates: [addition(2, 0), addition(0, 1_200)],
    ssl: { ...POINTED, points: [], mode: 'advanced' },
    surroundings: { ...QUIET, unreadable: fault('appOrders', { from: 0 }) },
  },
  unreadableCertificateWork: {
    ...STEADY,
    updates: [addition(2, 0), addition(0, 1_200)],
    ssl: { ...POINTED, points: [] },
    surroundings: { ...QUIET, unreadable: fault('certificateWork') },
  },
  /** A claim is read when it is renewed, half a day after it was taken. */
  unreadableClaim: {
    ...SHORT,
    ...STEADY,
    updates: [addition(2, 0), addition(0, 12 * 3_600 + 1_800)],
    surroundings: { ...QUIET, unreadable: fault('claim', { lasts: 20 * 3_600, from: 0 }) },
  },
  unreadableRateLimit: {
    ...SHORT,
    ...STEADY,
    updates: [addition(2, 0), addition(0, 40)],
    surroundings: { ...QUIET, unreadable: fault('rateLimit', { from: 0 }) },
  },
  unreadableComparison: {
    ...SHORT,
    ...STEADY,
    comparesAt: 900,
    updates: [addition(2, 0)],
    lists: LONG_LIST.lists,
    surroundings: { ...LONG, unreadable: fault('comparison', { from: 0 }) },
  },
  unreadableListing: {
    ...SHORT,
    ...STEADY,
    updates: [0, 1, 2, 3].flatMap((domain) => [addition(domain, 0), removal(domain, 1_200 + 30 * domain)]),
    lists: LONG_LIST.lists,
    surroundings: {
      ...LONG,
      latency: { runcloudMs: 900, dnsMs: 0, tlsMs: 0 },
      unreadable: fault('listing', { from: 0 }),
    },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
