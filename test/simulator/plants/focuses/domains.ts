import { NATIVE } from '../../chance/planned-updates.ts';
import { QUIET } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { CALM, SHORT, UNDISTURBED } from './short-and-calm.ts';
import { addition, removal } from './updates.ts';

/** Updates of a name wait for the network, and its `www.` is protected meanwhile. */
const PROTECTED_WHILE_PAUSED: Partial<Scenario> = {
  ...SHORT,
  ...CALM,
  incident: { kind: 'paused', from: 200, lasts: 3_600 },
  protects: { domain: 1, from: 1_500 },
  operatorActions: [],
  roughness: 0,
  slowness: 0,
};

/** What may happen to single domains, and to the workers that follow their updates. */
export const domainFocuses = {
  domains: SHORT,
  /** Writes that land late and workers that do not live to see it, without anything else going wrong. */
  lateWrites: {
    ...SHORT,
    ...CALM,
    faults: ['late'],
    roughness: 1,
    slowness: 0,
    ...UNDISTURBED,
    removalGraceMinutes: 0,
    removalsPerHour: 0,
    additionsPerHour: 0,
    callsPerMinute: 60,
    surroundings: QUIET,
  },
  /** An operator works in the panel, and nothing else goes wrong. */
  operatorActions: { ...SHORT, ...CALM, roughness: 0 },
  /** A domain is protected while its removal waits for the network. */
  protectedMeanwhile: {
    ...SHORT,
    ...CALM,
    incident: { kind: 'paused', from: 600, lasts: 7_200 },
    protects: { domain: 2, from: 1_500 },
    operatorActions: [],
    roughness: 0,
    updates: [addition(2, 0), removal(2, 700)],
  },
  /** A row that was made by hand is to go, and no event has ever named it. */
  neverAnnounced: {
    ...SHORT,
    ...CALM,
    operatorActions: [],
    protects: null,
    updates: [removal(3, 60)],
  },
  /** The same, and its addition, which came before, arrives when the removal has failed. */
  announcedLate: {
    ...SHORT,
    ...CALM,
    operatorActions: [],
    protects: null,
    updates: [
      { domain: 3, wanted: 'present', www: false, saidAt: 0, fast: 0, deliveries: [1_000] },
      removal(3, 60),
    ],
  },
  /** Two additions and two removals an hour are allowed, and more are wanted. */
  fewAdditions: {
    ...SHORT,
    ...CALM,
    additionsPerHour: 2,
    removalsPerHour: 2,
    removalGraceMinutes: 0,
    ...UNDISTURBED,
    roughness: 0,
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
  /** A removal is followed at the first moment at which it may be. */
  shortGrace: { ...SHORT, ...CALM, ...UNDISTURBED, slowness: 0, removalGraceMinutes: 2 },
  /** What is served is to go, and is taken back within the grace of its removal. */
  takenBack: {
    ...SHORT,
    ...CALM,
    removalGraceMinutes: 15,
    operatorActions: [],
    protects: null,
    updates: [
      addition(2, 0),
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
      addition(2, 0),
      removal(2, 900),
      { domain: 2, wanted: 'present', www: false, saidAt: 1_000, fast: 0, deliveries: [20, 60, 120] },
    ],
  },
  /** RunCloud refuses a name for longer than it is tried, and dead letters are moved back. */
  refused: {
    ...SHORT,
    ...CALM,
    refuses: { domain: 2, until: 5_400 },
    operatorActions: [],
    roughness: 0.8,
    protects: null,
    updates: [addition(2, 0)],
  },
  /** The same, and each removal of its `www.` makes the name due before its wait is over. */
  wokenWhileRefused: {
    ...SHORT,
    ...CALM,
    refuses: { domain: 0, until: 9_000 },
    operatorActions: [],
    protects: null,
    roughness: 0,
    slowness: 0,
    removalGraceMinutes: 0,
    removalsPerHour: 0,
    surroundings: QUIET,
    updates: [
      { ...addition(0, 0), www: true },
      addition(1, 5),
      ...[100, 300, 700, 1_500].map((at) => removal(1, at)),
    ],
  },
  /** A name is protected whose apex serves it, and the apex is taken back. */
  protectedWww: {
    ...PROTECTED_WHILE_PAUSED,
    updates: [
      { domain: 0, wanted: 'present', www: true, saidAt: 0, fast: 0, deliveries: [0] },
      { domain: 0, wanted: 'absent', www: true, saidAt: 295, fast: 0, deliveries: [0] },
    ],
  },
  /** The multisite asks for a domain without the `www.` that it had. */
  wwwNotWanted: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    updates: [{ ...addition(0, 0), www: true }, addition(0, 295)],
  },
  /** The same, and that `www.` is protected while its update waits for the network. */
  wwwProtectedMeanwhile: {
    ...PROTECTED_WHILE_PAUSED,
    updates: [{ ...addition(0, 0), www: true }, addition(0, 295)],
  },
  /** An update comes while a worker holds the domain, and workers are killed. */
  killedWorkers: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    roughness: 1,
    slowness: 1,
    workers: 3,
    leaseSeconds: 330,
    faults: ['late'],
  },
  /** Workers are killed, and what they have sent to RunCloud arrives. Nothing else overlaps: there is one worker. */
  killedCalls: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    roughness: 0.5,
    contention: 0,
    indexLag: 0,
    slowness: 0,
    workers: 1,
    leaseSeconds: 330,
    faults: ['limited'],
    removalGraceMinutes: 0,
    removalsPerHour: 0,
    additionsPerHour: 0,
    callsPerMinute: 60,
    duplicates: false,
    // Each addition is told three times: the message of one more may find a worker that was killed.
    updates: [0, 2, 4].flatMap((domain) => [
      ...Array.from({ length: 3 }, () => addition(domain, 60 * domain)),
      removal(domain, 60 * domain + 1),
    ]),
    surroundings: { ...QUIET, killsRunOn: true },
  },
  /** DynamoDB throttles a domain's item while its pass ends. */
  throttled: {
    ...SHORT,
    ...CALM,
    roughness: 0,
    slowness: 0,
    ...UNDISTURBED,
    updates: [addition(2, 0)],
    surroundings: {
      ...QUIET,
      latency: { runcloudMs: 20_000, dnsMs: 0, tlsMs: 0 },
      throttled: { kind: 'domain', domain: 2, from: 5, lasts: 60 },
    },
  },
  /** The same for three hours with the item of a certificate, which the multisite is told of with its domain. */
  throttledCertificate: {
    ...SHORT,
    ...CALM,
    roughness: 0,
    slowness: 0,
    ...UNDISTURBED,
    readers: { multisite: true, people: false },
    updates: [addition(2, 0), removal(2, 600)],
    removalGraceMinutes: 0,
    surroundings: { ...QUIET, throttled: { kind: 'certificate', domain: 2, from: 500, lasts: 3 * 3_600 } },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
