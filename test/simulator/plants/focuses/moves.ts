import { QUIET } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { POINTED } from './certificates.ts';
import { CALM, UNDISTURBED } from './short-and-calm.ts';
import { addition } from './updates.ts';

/** Certificates are ordered slowly while the secret begins to name another application. */
const ORDERED_WHILE_MOVING = {
  ...CALM,
  movesAt: 200,
  ...UNDISTURBED,
  roughness: 0,
  slowness: 1,
  workers: 3,
  leaseSeconds: 330,
  // One of the later domains shows the relay the new application while orders for the first ones are under way.
  updates: [0, 10, 201, 220, 250, 290].map((saidAt, n) => addition(n % 4, saidAt)),
  surroundings: QUIET,
  ssl: { ...POINTED, points: [], landsWithin: 60 },
} satisfies Partial<Scenario>;

/** What concerns orders while the network moves. */
export const moveFocuses = {
  orderedWhileMoving: ORDERED_WHILE_MOVING,
  /** Each domain has a certificate of its own, and one is checked while a worker that keeps its secret no longer finds the next application. */
  ownOrderedWhileMoving: {
    ...ORDERED_WHILE_MOVING,
    slowness: 0.3,
    workers: 1,
    updates: [addition(0, 0), addition(3, 268), addition(1, 301)],
    surroundings: { ...QUIET, latency: { runcloudMs: 0, dnsMs: 30_000, tlsMs: 30_000 } },
    ssl: { ...ORDERED_WHILE_MOVING.ssl, mode: 'advanced' },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
