import { NATIVE } from '../chance/planned-updates.ts';
import type { SslPlan } from '../chance/ssl-plan.ts';
import { QUIET } from '../chance/surroundings.ts';
import type { Scenario } from '../scenario.ts';

/** No worker manages certificates, and the history ends once all work is done: a second plays many of them. */
const SHORT: Partial<Scenario> = { ssl: null, weeksLater: null };

const POINTED: SslPlan = {
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

const CALM: Partial<Scenario> = { incident: null, movesAt: null, weeksLater: null };

/** Three domains are served with a certificate, and nothing happens for days. */
const WATCHED: Partial<Scenario> = {
  ...CALM,
  roughness: 0,
  slowness: 0,
  operatorActions: [],
  protects: null,
  refuses: null,
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

/** Kinds of history in which one fault or another shows soon; the search still has to find one that it breaks. */
export const focuses = {
  anything: {},
  domains: SHORT,
  /** Writes that land late and workers that do not live to see it, without anything else going wrong. */
  lateWrites: {
    ...SHORT,
    ...CALM,
    faults: ['late'],
    roughness: 1,
    slowness: 0,
    operatorActions: [],
    removalGraceMinutes: 0,
    removalsPerHour: 0,
    additionsPerHour: 0,
    callsPerMinute: 60,
    protects: null,
    refuses: null,
    surroundings: QUIET,
  },
  /** An operator works in the panel, and nothing else goes wrong. */
  operatorActions: { ...SHORT, ...CALM, roughness: 0 },
  /** A token that may read and not write. */
  mayNotWrite: { ...SHORT, incident: { kind: 'forbidden', from: 0, lasts: 7_200 }, movesAt: null },
  /** A domain is protected while its removal waits for the network. */
  protectedMeanwhile: {
    ...SHORT,
    ...CALM,
    incident: { kind: 'paused', from: 600, lasts: 7_200 },
    protects: { domain: 2, from: 1_500 },
    operatorActions: [],
    roughness: 0,
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'absent', www: false, saidAt: 700, fast: 0, deliveries: [0] },
    ],
  },
  /** A row that was made by hand is to go, and no event has ever named it. */
  neverAnnounced: {
    ...SHORT,
    ...CALM,
    operatorActions: [],
    protects: null,
    updates: [{ domain: 3, wanted: 'absent', www: false, saidAt: 60, fast: 0, deliveries: [0] }],
  },
  /** The same, and its addition, which came before, arrives when the removal has failed. */
  announcedLate: {
    ...SHORT,
    ...CALM,
    operatorActions: [],
    protects: null,
    updates: [
      { domain: 3, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [1_000] },
      { domain: 3, wanted: 'absent', www: false, saidAt: 60, fast: 0, deliveries: [0] },
    ],
  },
  /** Two additions and two removals an hour are allowed, and more are wanted. */
  fewAdditions: {
    ...SHORT,
    ...CALM,
    additionsPerHour: 2,
    removalsPerHour: 2,
    removalGraceMinutes: 0,
    operatorActions: [],
    roughness: 0,
    protects: null,
    refuses: null,
    surroundings: QUIET,
    updates: [
      ...[0, 1, 2].map((domain) => ({ domain, wanted: 'present' as const, saidAt: 0 })),
      ...[0, 1, 2].map((domain) => ({ domain, wanted: 'absent' as const, saidAt: 4 * 3_600 })),
    ].map((one) => ({ ...one, www: false, fast: 0, deliveries: [0] })),
  },
  /** A subdomain of the network, which has a wildcard. */
  nativeName: {
    ...SHORT,
    ...CALM,
    roughness: 0,
    operatorActions: [],
    updates: [{ domain: NATIVE, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] }],
    surroundings: { ...QUIET, wildcard: true },
  },
  /** Two networks share a token that few calls are taken for. */
  sharedToken: {
    ...SHORT,
    ...CALM,
    callsPerMinute: 10,
    roughness: 0,
    slowness: 0,
    skewsMs: [0],
    operatorActions: [],
    protects: null,
    refuses: null,
    leaseSeconds: 330,
    lists: { rowsPerPage: 40, meta: 'pagination' },
    surroundings: { ...QUIET, sharesToken: true, foreignRows: 45 },
  },
  /** What is served is to go, and is taken back within the grace of its removal. */
  takenBack: {
    ...SHORT,
    ...CALM,
    removalGraceMinutes: 15,
    operatorActions: [],
    protects: null,
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'absent', www: false, saidAt: 900, fast: 0, deliveries: [0, 400] },
      { domain: 2, wanted: 'present', www: false, saidAt: 1_500, fast: 0, deliveries: [0, 600] },
    ],
  },
  /** The same, as the grace ends: a pass may be deleting the row. */
  takenBackLate: {
    ...SHORT,
    ...CALM,
    removalGraceMinutes: 2,
    slowness: 1,
    operatorActions: [],
    protects: null,
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'absent', www: false, saidAt: 900, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'present', www: false, saidAt: 1_000, fast: 0, deliveries: [20, 60, 120] },
    ],
  },
  /** For two hours no secret has that name. */
  secretMissing: { ...SHORT, ...CALM, incident: { kind: 'missing', from: 600, lasts: 7_200 } },
  /** RunCloud refuses a name for longer than it is tried, and dead letters are moved back. */
  refused: {
    ...SHORT,
    ...CALM,
    refuses: { domain: 2, until: 5_400 },
    operatorActions: [],
    roughness: 0.8,
    protects: null,
    updates: [{ domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] }],
  },
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
      { domain: 0, wanted: 'absent', www: false, saidAt: 901, fast: 0, deliveries: [0] },
    ],
  },
  /** One of the names points elsewhere from the beginning. */
  pointsElsewhere: { ...CALM, ssl: POINTED },
  /** One of the names points elsewhere once it has had its certificate, and then another name is added. */
  movesAway: {
    ...CALM,
    operatorActions: [],
    roughness: 0,
    protects: null,
    refuses: null,
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 0, wanted: 'present', www: false, saidAt: 7_200, fast: 0, deliveries: [0] },
    ],
    ssl: { ...POINTED, points: [{ name: 2, at: 3_600, place: 'elsewhere' }] },
  },
  /** One of the names points here only hours after another one was added. */
  pointsHereLate: {
    ...CALM,
    operatorActions: [],
    roughness: 0,
    protects: null,
    refuses: null,
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 0, wanted: 'present', www: false, saidAt: 3_600, fast: 0, deliveries: [0] },
    ],
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
  twoOrder: { ...CALM, ssl: POINTED, workers: 2, leaseSeconds: 330 },
  /** The ledger is away now and then while certificates are checked. */
  roughOrders: { ...CALM, ssl: POINTED, roughness: 1, slowness: 0 },
  /** RunCloud refuses every order, while the owner keeps asking for one. */
  ordersRefused: { ...CALM, ssl: { ...POINTED, points: [], refuses: 'always', watchDays: 14 } },
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
    updates: [{ domain: 0, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] }],
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
    operatorActions: [],
    roughness: 0.1,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    protects: null,
    refuses: null,
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
  /** The secret begins to name another application while passes are under way. */
  slowMove: {
    ...SHORT,
    ...CALM,
    movesAt: 60,
    operatorActions: [],
    roughness: 0.1,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    protects: null,
    refuses: null,
    updates: [0, 1, 2].map((domain) => ({
      domain,
      wanted: 'present' as const,
      www: false,
      saidAt: 20 * domain,
      fast: 0,
      deliveries: [0],
    })),
  },
  /** The token is rotated just after a removal has read the secret again. */
  rotated: {
    ...SHORT,
    ...CALM,
    incident: { kind: 'rotated', from: 900, lasts: 60 },
    operatorActions: [],
    roughness: 0,
    slowness: 0,
    workers: 1,
    protects: null,
    refuses: null,
    updates: [
      { domain: 0, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 0, wanted: 'absent', www: false, saidAt: 895, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'present', www: false, saidAt: 901, fast: 0, deliveries: [0] },
    ],
  },
  /** A name is protected whose apex serves it, and the apex is taken back. */
  protectedWww: {
    ...SHORT,
    ...CALM,
    incident: { kind: 'paused', from: 200, lasts: 3_600 },
    protects: { domain: 1, from: 1_500 },
    operatorActions: [],
    roughness: 0,
    slowness: 0,
    updates: [
      { domain: 0, wanted: 'present', www: true, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 0, wanted: 'absent', www: true, saidAt: 295, fast: 0, deliveries: [0] },
    ],
  },
  /** An update comes while a worker holds the domain, and workers are killed. */
  killedWorkers: {
    ...SHORT,
    ...CALM,
    operatorActions: [],
    roughness: 1,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    protects: null,
    refuses: null,
    faults: ['late'],
  },
  /** RunCloud takes two calls a minute. */
  fewCalls: {
    ...SHORT,
    ...CALM,
    callsPerMinute: 2,
    operatorActions: [],
    roughness: 0,
    slowness: 0,
    workers: 1,
    leaseSeconds: 330,
    protects: null,
    refuses: null,
    duplicates: true,
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'absent', www: false, saidAt: 600, fast: 0, deliveries: [0] },
    ],
  },
  /** RunCloud holds a name twice, and answers get lost. */
  duplicates: { ...SHORT, ...CALM, duplicates: true, operatorActions: [], protects: null, refuses: null },
  /** A newer version has written a certificate, and the network moves to another application. */
  unreadableMove: {
    ...CALM,
    movesAt: 900,
    roughness: 0,
    slowness: 0,
    operatorActions: [],
    protects: null,
    refuses: null,
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
  /** Other sites have more names than one certificate holds, and days pass. */
  manyNames: {
    ...WATCHED,
    lists: { rowsPerPage: 3, meta: 'pagination' },
    surroundings: { ...QUIET, foreignRows: 105 },
  },
  /** Every certificate is valid, and then port 443 does not answer for days. */
  silentForDays: { ...WATCHED, surroundings: { ...QUIET, silent: { from: 3_600, lasts: 2 * 86_400 } } },
  /** An operator has added a name, its update and its removal come during a pause, and rows of other sites come and go. */
  rowsMove: {
    ...SHORT,
    ...CALM,
    incident: { kind: 'paused', from: 0, lasts: 900 },
    roughness: 0,
    slowness: 0,
    operatorActions: [{ does: 'add-first', domain: 2, at: 0 }],
    removalGraceMinutes: 0,
    protects: null,
    refuses: null,
    duplicates: false,
    lists: { rowsPerPage: 3, meta: 'pagination' },
    updates: [
      { domain: 2, wanted: 'present', www: false, saidAt: 60, fast: 0, deliveries: [0] },
      { domain: 2, wanted: 'absent', www: false, saidAt: 120, fast: 0, deliveries: [0] },
    ],
    surroundings: { ...QUIET, foreignRows: 10, rowsMove: true },
  },
  /** DynamoDB throttles a domain's item while its pass ends. */
  throttled: {
    ...SHORT,
    ...CALM,
    roughness: 0,
    slowness: 0,
    operatorActions: [],
    protects: null,
    refuses: null,
    updates: [{ domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] }],
    surroundings: {
      ...QUIET,
      latency: { runcloudMs: 20_000, dnsMs: 0, tlsMs: 0 },
      throttled: { kind: 'domain', domain: 2, from: 5, lasts: 60 },
    },
  },
  /** An operator makes a row a redirect. */
  redirected: {
    ...SHORT,
    ...CALM,
    operatorActions: [{ does: 'redirect', domain: 2, at: 600 }],
    roughness: 0,
    protects: null,
    refuses: null,
    updates: [{ domain: 2, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [0] }],
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;

export type Focus = keyof typeof focuses;
