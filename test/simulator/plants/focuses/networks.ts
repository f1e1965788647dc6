import { QUIET } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { CALM, SHORT, UNDISTURBED } from './short-and-calm.ts';
import { addition, removal } from './updates.ts';

/** What concerns a network as a whole: its secret, its application, its share of the calls. */
export const networkFocuses = {
  /** A token that may read and not write. */
  mayNotWrite: { ...SHORT, incident: { kind: 'forbidden', from: 0, lasts: 7_200 }, movesAt: null },
  /** The secret has no `CALLBACK_URL`, and no one is mailed of successes. */
  noReaders: { ...SHORT, ...CALM, readers: { multisite: false, people: false } },
  peopleRead: { ...SHORT, ...CALM, readers: { multisite: false, people: true } },
  multisiteReads: { ...SHORT, ...CALM, readers: { multisite: true, people: false } },
  /** Two networks share a token that few calls are taken for. */
  sharedToken: {
    ...SHORT,
    ...CALM,
    callsPerMinute: 10,
    roughness: 0,
    slowness: 0,
    skewsMs: [0],
    ...UNDISTURBED,
    leaseSeconds: 330,
    lists: { rowsPerPage: 40, meta: 'pagination' },
    surroundings: { ...QUIET, sharesToken: true, foreignRows: 45 },
  },
  /** For two hours no secret has that name. */
  secretMissing: { ...SHORT, ...CALM, incident: { kind: 'missing', from: 600, lasts: 7_200 } },
  /** The secret begins to name another application, and some of the workers keep the old one for a while. */
  domainsMove: { ...SHORT, ...CALM, movesAt: 900, workers: 4, operatorActions: [], roughness: 0.2 },
  /** What is served is taken back at the other application. */
  removedAfterMove: {
    ...SHORT,
    ...CALM,
    movesAt: 900,
    operatorActions: [],
    roughness: 0,
    updates: [
      ...[0, 2].map((domain) => ({
        domain,
        wanted: 'present' as const,
        www: false,
        saidAt: 0,
        fast: 0,
        deliveries: [0],
      })),
      removal(0, 901),
    ],
  },
  /** The secret begins to name another application while passes are under way. */
  slowMove: {
    ...SHORT,
    ...CALM,
    movesAt: 60,
    ...UNDISTURBED,
    roughness: 0.1,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    updates: [0, 1, 2].map((domain) => ({
      domain,
      wanted: 'present' as const,
      www: false,
      saidAt: 20 * domain,
      fast: 0,
      deliveries: [0],
    })),
  },
  /** The same while passes end: the other application has a row of each name, and some are to go. */
  endsDuringMove: {
    ...SHORT,
    ...CALM,
    movesAt: 900,
    thereToo: [0, 2, 3],
    ...UNDISTURBED,
    roughness: 0,
    slowness: 1,
    workers: 4,
    leaseSeconds: 330,
    removalGraceMinutes: 0,
    removalsPerHour: 0,
    updates: [
      ...[0, 2, 3].map((domain) => addition(domain, 0)),
      ...[0, 2, 3].map((domain, n) => removal(domain, 870 + 10 * n)),
      ...[910, 930, 950].map((at) => addition(1, at)),
    ],
    surroundings: QUIET,
  },
  /** The token is rotated just after a removal has read the secret again. */
  rotated: {
    ...SHORT,
    ...CALM,
    incident: { kind: 'rotated', from: 900, lasts: 60 },
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    workers: 1,
    updates: [addition(0, 0), removal(0, 895), addition(2, 901)],
  },
  /** RunCloud takes two calls a minute. */
  fewCalls: {
    ...SHORT,
    ...CALM,
    callsPerMinute: 2,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    workers: 1,
    leaseSeconds: 330,
    duplicates: true,
    updates: [addition(2, 0), removal(2, 600)],
  },
  /** More domains than calls of a minute, at once, beside another network with the same token. */
  inLine: {
    ...SHORT,
    ...CALM,
    callsPerMinute: 10,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    skewsMs: [0],
    workers: 3,
    leaseSeconds: 330,
    removalGraceMinutes: 0,
    updates: [0, 1, 2, 3].flatMap((domain) => [addition(domain, 0), removal(domain, 300)]),
    surroundings: { ...QUIET, sharesToken: true },
  },
  /** Two networks name one web application in their secrets. */
  rivals: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    surroundings: { ...QUIET, rival: { from: 120, lasts: 2 * 3_600 } },
  },
  /** RunCloud does not know the application to which the network moves, and one domain's item is throttled. */
  throttledMove: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    incident: { kind: 'app-gone', from: 900, lasts: 6 * 3_600 },
    movesAt: 800,
    roughness: 0,
    slowness: 0,
    indexLag: 0,
    leaseSeconds: 330,
    callsPerMinute: 60,
    updates: [0, 1, 2, 3].map((domain) => addition(domain, 0)),
    surroundings: { ...QUIET, throttled: { kind: 'domain', domain: 2, from: 600, lasts: 3 * 3_600 } },
  },
  /** The clocks of two hosts differ by all that is allowed while the secret begins to name another application, and are set then. */
  clocksSet: {
    ...SHORT,
    ...CALM,
    movesAt: 60,
    workers: 4,
    skewsMs: [2_400, -2_400],
    ...UNDISTURBED,
    removalGraceMinutes: 0,
    roughness: 0,
    // A pass reads the secret, and others claim with a later one before it goes on.
    slowness: 0.5,
    updates: [56, 57, 58, 61, 62, 63, 68, 70, 72].map((saidAt, n) => ({
      domain: n % 4,
      wanted: 'present' as const,
      www: false,
      saidAt,
      fast: 0,
      deliveries: [0],
    })),
    surroundings: { ...QUIET, latency: { runcloudMs: 20_000, dnsMs: 0, tlsMs: 0 }, clocksSetAt: 3_600 },
  },
  /** The secret holds a key of the older API. */
  legacyKey: {
    ...CALM,
    operatorActions: [],
    roughness: 0,
    surroundings: { ...QUIET, api: 'v2' },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
