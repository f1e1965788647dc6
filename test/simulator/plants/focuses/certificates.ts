import type { SslPlan } from '../../chance/ssl-plan.ts';
import { QUIET } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { CALM, UNDISTURBED } from './short-and-calm.ts';
import { addition, removal } from './updates.ts';

export const POINTED: SslPlan = {
  mode: 'basic',
  switches: null,
  landsWithin: 60,
  skipsBadNames: true,
  refuses: 'never',
  keepsNames: false,
  installsAnew: true,
  lifetimeDays: 90,
  renews: true,
  uploaded: false,
  autoIssues: true,
  listens: true,
  points: [{ name: 2, at: 0, place: 'elsewhere' }],
  retries: [],
  watchDays: 0,
};

/** Three domains are served with a certificate, and nothing happens for days. */
const WATCHED: Partial<Scenario> = {
  ...CALM,
  roughness: 0,
  slowness: 0,
  ...UNDISTURBED,
  updates: [0, 2, 3].map((domain) => ({
    domain,
    wanted: 'present' as const,
    www: false,
    saidAt: 0,
    fast: 0,
    deliveries: [0],
  })),
  ssl: { ...POINTED, points: [], watchDays: 3 },
};

/** What concerns certificates. */
export const certificateFocuses = {
  /** One of the names points elsewhere from the beginning. */
  pointsElsewhere: { ...CALM, ssl: POINTED },
  /** One of the names points elsewhere once it has had its certificate, and then another name is added. */
  movesAway: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    updates: [addition(2, 0), addition(0, 7_200)],
    ssl: { ...POINTED, points: [{ name: 2, at: 3_600, place: 'elsewhere' }] },
  },
  /** One of the names points here only hours after another one was added. */
  pointsHereLate: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    updates: [addition(2, 0), addition(0, 3_600)],
    ssl: {
      ...POINTED,
      points: [
        { name: 2, at: 0, place: 'elsewhere' },
        { name: 2, at: 20_000, place: 'here' },
      ],
    },
  },
  /** One of the names is reached through a proxy that is known. */
  proxied: { ...CALM, ssl: { ...POINTED, points: [{ name: 2, at: 0, place: 'proxied' }] } },
  /** The application has an uploaded certificate, which RunCloud would let an order replace. */
  uploadedCertificate: { ...CALM, faults: ['limited'], ssl: { ...POINTED, points: [], uploaded: true } },
  /** The same, which fails every request at once, and the queue of dead letters is away now and then. */
  failedAtOnce: {
    ...CALM,
    roughness: 1,
    faults: ['limited'],
    ssl: { ...POINTED, points: [], uploaded: true },
  },
  /** The owner asks for a certificate as soon as the domain is announced. */
  retriedAtOnce: {
    ...CALM,
    ssl: { ...POINTED, retries: [{ domain: 2, saidAt: 0, deliveries: [0], reason: 'manual' }] },
  },
  twoOrder: { ...CALM, ssl: POINTED, workers: 2, leaseSeconds: 330 },
  /** The network moves while workers of its certificates refuse one another, and one domain's item is throttled for hours. */
  throttledMoveOfCertificates: {
    weeksLater: null,
    ...UNDISTURBED,
    incident: null,
    movesAt: 800,
    roughness: 0,
    slowness: 0.8,
    indexLag: 0,
    leaseSeconds: 330,
    workers: 3,
    callsPerMinute: 60,
    updates: [0, 1, 2, 3].map((domain) => addition(domain, 0)),
    ssl: { ...POINTED, points: [] },
    surroundings: { ...QUIET, throttled: { kind: 'domain', domain: 2, from: 600, lasts: 6 * 3_600 } },
  },
  /** The item of a certificate is throttled for a minute while its names are checked. */
  throttledWhileChecked: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    updates: [addition(2, 0)],
    ssl: { ...POINTED, points: [] },
    surroundings: {
      ...QUIET,
      latency: { runcloudMs: 0, dnsMs: 4_000, tlsMs: 4_000 },
      throttled: { kind: 'certificate', domain: 2, from: 40, lasts: 60 },
    },
  },
  /** The ledger is away now and then while certificates are checked. */
  roughOrders: { ...CALM, ssl: POINTED, roughness: 1, slowness: 0 },
  /** RunCloud refuses every order, while the owner keeps asking for one. */
  ordersRefused: { ...CALM, ssl: { ...POINTED, points: [], refuses: 'always', watchDays: 14 } },
  /** The same, and an hour or two into a long wait for the limits a domain gets a `www.` that needs a certificate too. */
  wokenWhileLimited: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    updates: [0, 21_600, 25_200, 28_800].map((saidAt, n) => ({ ...addition(0, saidAt), www: n % 2 === 1 })),
    surroundings: QUIET,
    ssl: { ...POINTED, points: [], refuses: 'always' },
  },
  /** AutoSSL brings no certificate to four domains at once, and the server does not listen. */
  autosslBringsNone: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    leaseSeconds: 330,
    updates: [0, 2, 3, 4].map((domain) => addition(domain, 0)),
    surroundings: QUIET,
    ssl: { ...POINTED, points: [], mode: 'autossl', autoIssues: false, listens: false },
  },
  /** A `www.` is wanted while the certificate of its domain is checked. */
  wwwArrives: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    updates: [0, 60, 90, 120, 150].map((saidAt, n) => ({ ...addition(2, saidAt), www: n % 2 === 1 })),
    surroundings: QUIET,
    ssl: { ...POINTED, points: [] },
  },
  /** A domain gives up its `www.`, and RunCloud may take the change and make none. */
  wwwGivenUp: {
    ...CALM,
    ...UNDISTURBED,
    faults: ['silent'],
    roughness: 1,
    slowness: 0,
    leaseSeconds: 330,
    updates: [{ ...addition(2, 0), www: true }, addition(2, 900)],
    surroundings: QUIET,
    ssl: { ...POINTED, points: [] },
  },
  /** A `www.` is protected once its domain is served, and fails the order for both. */
  protectedWithheldWww: {
    ...CALM,
    ...UNDISTURBED,
    protects: { domain: 2, from: 1_800 },
    roughness: 0,
    slowness: 0,
    updates: [{ ...addition(2, 0), www: true }],
    surroundings: QUIET,
    ssl: { ...POINTED, mode: 'advanced', points: [{ name: 3, at: 0, place: 'caa' }], watchDays: 3 },
  },
  /** The secret begins to name another application, whose domains have certificates of their own. */
  certificatesMove: {
    ...CALM,
    movesAt: 1_500,
    ssl: { ...POINTED, mode: 'advanced', points: [], listens: false },
  },
  /** The first event about a domain is a retry. */
  retriedFirst: {
    ...CALM,
    operatorActions: [],
    updates: [addition(0, 0)],
    ssl: {
      ...POINTED,
      points: [],
      retries: [{ domain: 2, saidAt: 60, deliveries: [0], reason: 'manual' }],
    },
  },
  /** The server does not listen before its first certificate. */
  silentServer: { ...CALM, operatorActions: [], ssl: { ...POINTED, points: [], listens: false } },
  /** A domain comes and goes while its certificate is checked. */
  flapping: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0.1,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    updates: [0, 70, 130, 200, 260, 330, 390, 460, 520].map((saidAt, i) => ({
      domain: 2,
      wanted: i % 2 === 0 ? ('present' as const) : ('absent' as const),
      www: false,
      saidAt,
      fast: 0,
      deliveries: [0],
    })),
    ssl: { ...POINTED, points: [], landsWithin: 900 },
  },
  /** Every order fails, and the `www.` of a domain comes once its certificate was given up. */
  wwwAfterFailure: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    updates: [addition(0, 0), { ...addition(0, 26 * 3_600), www: true }],
    surroundings: QUIET,
    ssl: { ...POINTED, mode: 'advanced', points: [], refuses: 'always', watchDays: 3 },
  },
  /** A person deletes the row of a domain, which the multisite then announces once more. */
  rowMadeAnew: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    operatorActions: [{ does: 'delete', domain: 2, at: 3_600 }],
    updates: [addition(2, 0), addition(2, 7_200)],
    surroundings: QUIET,
    ssl: { ...POINTED, mode: 'advanced', points: [] },
  },
  /** A domain is kept against its removal, because the secret protects it by then, and is wanted again soon after. */
  keptThenWanted: {
    ...CALM,
    ...UNDISTURBED,
    protects: { domain: 2, from: 250 },
    roughness: 0,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    updates: (['present', 'absent', 'present', 'present'] as const).map((wanted, i) => ({
      domain: 2,
      wanted,
      www: false,
      saidAt: [0, 260, 480, 560][i] ?? 0,
      fast: 0,
      deliveries: [0],
    })),
    removalGraceMinutes: 2,
    ssl: { ...POINTED, points: [{ name: 2, at: 0, place: 'elsewhere' }] },
  },
  /** A domain that waits for DNS is removed, and added again within the grace of its removal. */
  takenBackUnserved: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    removalGraceMinutes: 15,
    updates: [addition(2, 0), removal(2, 900), addition(2, 1_500)],
    ssl: { ...POINTED, points: [{ name: 2, at: 0, place: 'elsewhere' }] },
  },
  /** A newer version has written a certificate, and the network moves to another application. */
  unreadableMove: {
    ...CALM,
    movesAt: 900,
    roughness: 0,
    slowness: 0,
    ...UNDISTURBED,
    updates: [0, 2].map((domain) => ({
      domain,
      wanted: 'present' as const,
      www: false,
      saidAt: 0,
      fast: 0,
      deliveries: [0],
    })),
    ssl: { ...POINTED, points: [] },
    surroundings: { ...QUIET, unreadable: { kind: 'certificate', domain: 0, from: 600, lasts: 5 * 3_600 } },
  },
  /** A newer version has written a request that is due, and another domain comes. */
  unreadableRequest: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    updates: [addition(0, 0), addition(2, 600)],
    ssl: { ...POINTED, points: [] },
    surroundings: { ...QUIET, unreadable: { kind: 'certificate', domain: 0, from: 12, lasts: 5 * 3_600 } },
  },
  /** Other sites have more names than one certificate holds, and days pass. */
  manyNames: {
    ...WATCHED,
    lists: { rowsPerPage: 3, meta: 'pagination' },
    surroundings: { ...QUIET, foreignRows: 105 },
  },
  /** Every certificate is valid, and then port 443 does not answer for days. */
  silentForDays: { ...WATCHED, surroundings: { ...QUIET, silent: { from: 3_600, lasts: 2 * 86_400 } } },
  /** A name and its `www.` are announced and have never pointed here, and then one that does. */
  parkedSiblings: {
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    updates: [0, 1, 2].map((domain) => ({
      domain,
      wanted: 'present' as const,
      www: domain === 0,
      saidAt: 1_200 * domain,
      fast: 0,
      deliveries: [0],
    })),
    surroundings: QUIET,
    ssl: {
      ...POINTED,
      points: [
        { name: 0, at: 0, place: 'none' },
        { name: 1, at: 0, place: 'elsewhere' },
      ],
    },
  },
  /** A name holds the order for the others, for days. */
  heldForDays: {
    ...WATCHED,
    updates: [
      { domain: 2, saidAt: 0 },
      { domain: 0, saidAt: 7_200 },
    ].map((one) => ({ ...one, wanted: 'present' as const, www: false, fast: 0, deliveries: [0] })),
    lists: { rowsPerPage: 40, meta: 'pagination' },
    surroundings: QUIET,
    ssl: {
      ...POINTED,
      skipsBadNames: false,
      points: [{ name: 2, at: 3_600, place: 'elsewhere' }],
      watchDays: 3,
    },
  },
  /** A domain wants its `www.`, which the multisite has announced before in its own right. The list has many pages. */
  wwwByItself: {
    ...WATCHED,
    updates: [addition(1, 0), { ...addition(0, 7_200), www: true }],
    lists: { rowsPerPage: 3, meta: 'pagination' },
    surroundings: { ...QUIET, foreignRows: 105 },
    ssl: { ...POINTED, watchDays: 3 },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
