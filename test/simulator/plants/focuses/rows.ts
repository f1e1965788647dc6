import { NATIVE } from '../../chance/planned-updates.ts';
import { QUIET } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { CALM, SHORT, UNDISTURBED } from './short-and-calm.ts';
import { addition, removal } from './updates.ts';

/** What concerns the rows of RunCloud's list. */
export const rowFocuses = {
  /** RunCloud holds a name twice, and answers get lost. */
  duplicates: { ...SHORT, ...CALM, ...UNDISTURBED, duplicates: true },
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
    updates: [addition(2, 60), removal(2, 120)],
    surroundings: { ...QUIET, foreignRows: 10, rowsMove: true },
  },
  /** A name has two rows, because an operator had added it before, and RunCloud is compared while rows of other sites come and go. */
  comparedWhileRowsMove: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    roughness: 0,
    slowness: 0,
    operatorActions: [{ does: 'add-first', domain: 2, at: 0 }],
    removalGraceMinutes: 0,
    duplicates: true,
    comparesAt: 600,
    lists: { rowsPerPage: 3, meta: 'pagination' },
    updates: [addition(2, 60), removal(2, 900)],
    surroundings: { ...QUIET, foreignRows: 10, rowsMove: true },
  },
  /** A domain gets its `www.` and goes, and within the grace of its removal the multisite announces its `www.`. */
  wwwOutlives: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    faults: ['limited'],
    roughness: 0.5,
    slowness: 0,
    leaseSeconds: 330,
    removalGraceMinutes: 15,
    updates: [addition(0, 0), { ...addition(0, 60), www: true }, removal(0, 150), addition(1, 600)],
    surroundings: QUIET,
  },
  /** An operator makes a row a redirect. */
  redirected: {
    ...SHORT,
    ...CALM,
    operatorActions: [{ does: 'redirect', domain: 2, at: 600 }],
    roughness: 0,
    protects: null,
    refuses: null,
    updates: [addition(2, 0)],
  },
  /** A subdomain of the network goes, by another worker than the one that keeps a list with it, and comes back. */
  keptListing: {
    ...SHORT,
    ...CALM,
    workers: 2,
    roughness: 0,
    slowness: 0,
    skewsMs: [0],
    ...UNDISTURBED,
    removalGraceMinutes: 0,
    updates: [
      { domain: NATIVE, wanted: 'present' as const, saidAt: 0 },
      { domain: 1, wanted: 'present' as const, saidAt: 40 },
      { domain: 0, wanted: 'present' as const, saidAt: 41 },
      { domain: NATIVE, wanted: 'absent' as const, saidAt: 48 },
      { domain: NATIVE, wanted: 'present' as const, saidAt: 62 },
    ].map((one) => ({ ...one, www: false, fast: 0, deliveries: [0] })),
    surroundings: { ...QUIET, latency: { runcloudMs: 20_000, dnsMs: 0, tlsMs: 0 } },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
