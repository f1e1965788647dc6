import type { Scenario } from './scenario.ts';
import type { SslPlan } from './ssl-plan.ts';

/** Writes that land late and workers that do not live to see it, without anything else going wrong. */
const LATE_WRITES: Partial<Scenario> = { faults: ['late'], roughness: 1, trouble: null, movesAt: null };

/** Somebody else works in the panel, and nothing else goes wrong. */
const HANDS: Partial<Scenario> = { roughness: 0, trouble: null, movesAt: null };

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
  autoIssues: true,
  listens: true,
  points: [{ name: 2, at: 0, place: 'elsewhere' }],
  retries: [],
  watchDays: 0,
};

/** One of the names points elsewhere from the beginning. */
const BASIC: Partial<Scenario> = { trouble: null, movesAt: null, ssl: POINTED };

/** RunCloud refuses every order, while somebody asks for one all the time. */
const REFUSED: Partial<Scenario> = {
  trouble: null,
  movesAt: null,
  ssl: { ...POINTED, points: [], refuses: 'always', watchDays: 14 },
};

/** The secret begins to name another application, whose domains have certificates of their own. */
const MOVES: Partial<Scenario> = {
  trouble: null,
  movesAt: 1_500,
  ssl: { ...POINTED, mode: 'advanced', points: [], listens: false },
};

/** A fault put into the code on purpose: the simulator must find it, or it proves nothing. */
export interface Plant {
  readonly name: string;
  readonly file: string;
  readonly edits: readonly Edit[];
  /** The kind of history that meets the fault soon; the search still has to find one. */
  readonly focus?: Partial<Scenario>;
}

interface Edit {
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const plants: readonly Plant[] = [
  {
    name: 'last word ignored',
    file: 'lib/sync/hear.ts',
    edits: [
      {
        find: 'if (item !== undefined && order <= 0) {',
        replace: 'if (item !== undefined && order === 0) {',
      },
    ],
  },
  {
    name: 'settle without looking at the revision',
    file: 'lib/sync/settle.ts',
    edits: [
      {
        find: 'if (item.revision !== settling.revision) {',
        replace: 'if (item.revision < settling.revision) {',
      },
    ],
  },
  {
    name: 'a new lease forgets an unanswered write',
    focus: LATE_WRITES,
    file: 'lib/sync/lease.ts',
    edits: [
      {
        find: 'item.attempt === null ? item.ambiguousUntil : ambiguityOf(item, item.attempt, terms.ambiguityMs)',
        replace: 'item.ambiguousUntil',
      },
    ],
  },
  {
    name: 'the sweep moves sendAt unconditionally',
    file: 'lib/sync/sweep.ts',
    edits: [
      {
        find: 'if (item === undefined || item.sendAt !== sent.sendAt) return { result: undefined };',
        replace: 'if (item === undefined) return { result: undefined };',
      },
    ],
  },
  {
    name: 'settled before what it sets in motion',
    file: 'lib/sync/look-at-domain.ts',
    edits: [
      { find: '    const raised = await setInMotion(item, found, s);\n', replace: '' },
      {
        find: '    s.report({ item, found, settled });\n',
        replace:
          '    s.report({ item, found, settled });\n    const raised = await setInMotion(item, found, s);\n',
      },
    ],
  },
  {
    name: 'an ambiguous write believed',
    focus: LATE_WRITES,
    file: 'lib/sync/settle.ts',
    edits: [
      {
        find: 'settling.unanswered && item.attempt !== null',
        replace: 'settling.unanswered && item.attempt === null',
      },
    ],
  },
  {
    name: 'deleted without looking for the primary domain',
    file: 'lib/sync/plan.ts',
    edits: [
      {
        find: "rows.find(({ type }) => type !== 'primary')",
        replace: 'rows.find(({ type }) => type !== null)',
      },
    ],
  },
  {
    name: 'a word without a schedule, the hint trusted',
    file: 'lib/sync/hear.ts',
    edits: [
      {
        find: "...makeDue(item ?? emptySchedule, now, now + DOOR_MARGIN * baseMs),\n  };\n  return { write, result: { status: 'accepted', latest: word.version.timestamp, open: true } };",
        replace:
          "...makeDue(item ?? emptySchedule, now, now + DOOR_MARGIN * baseMs),\n sendAt: null };\n  return { write, result: { status: 'accepted', latest: word.version.timestamp, open: true } };",
      },
    ],
  },
  {
    name: 'the lease ignored',
    file: 'lib/sync/lease.ts',
    edits: [
      {
        find: "if (living) return { result: { kind: 'none' } };",
        replace: '',
      },
    ],
  },
  {
    name: 'a lease without a fence',
    file: 'lib/sync/settle.ts',
    edits: [
      {
        find: 'item === undefined || item.owner !== settling.owner',
        replace: 'item === undefined',
      },
    ],
  },
  {
    name: 'a letter sent before the ledger says failed',
    file: 'lib/sync/look-at-domain.ts',
    edits: [
      {
        find: '    const raised = await setInMotion(item, found, s);\n',
        replace: `    const raised = await setInMotion(item, found, s);
    if (found.end.kind === 'failed') {
      const id = network + '/' + domain + '/' + item.revision + '/letter';
      const hint = { network, domain, letter: item.revision };
      const at = { firstFailureAt: 0, lastFailureAt: 0 };
      await s.queue.sendLetter({ id, hint, code: 'internal-error', reason: '', ...at });
    }
`,
      },
    ],
  },
  {
    name: 'what somebody deletes is never missed',
    focus: HANDS,
    file: 'lib/sync/compare.ts',
    edits: [
      { find: 'return !covered && !reading.serves(item.domain);', replace: 'return covered && !covered;' },
    ],
  },
  {
    name: 'what somebody puts back is removed again',
    focus: HANDS,
    file: 'lib/sync/compare.ts',
    edits: [
      {
        find: "item.wanted === 'present' && item.state === 'present' && isSettledBefore(item, begunAt);",
        replace: 'isSettledBefore(item, begunAt);',
      },
      {
        find: '  const covered =',
        replace: "  if (item.wanted === 'absent') return reading.serves(item.domain);\n  const covered =",
      },
    ],
  },
  {
    name: 'a strange row is not told of',
    focus: HANDS,
    file: 'lib/sync/compare.ts',
    edits: [{ find: '!this.#explained.has(row.name) && ', replace: 'this.#explained.has(row.name) && ' }],
  },
  {
    name: 'an order before DNS',
    focus: BASIC,
    file: 'lib/certificates/examine.ts',
    edits: [
      {
        find: "if (found.kind === 'not-here') return ended({ ...found, kind: 'waiting-dns' }, seen);",
        replace: '',
      },
    ],
  },
  {
    name: 'an id used against another application',
    focus: MOVES,
    file: 'lib/certificates/examine.ts',
    edits: [
      {
        find: 'const here = runcloudId === null || isSameApp(runcloudId, ways.asking.access.app);',
        replace: 'const here = true;',
      },
    ],
  },
  {
    name: 'a pause lifted by a mere read',
    focus: { trouble: { kind: 'forbidden', from: 0, lasts: 7_200 }, movesAt: null },
    file: 'lib/sync/look.ts',
    edits: [
      {
        find: "const aboutDomain = facts.answered && (error.failure === 'refused' || error.failure === 'never');",
        replace: 'const aboutDomain = facts.answered;',
      },
    ],
  },
  {
    name: 'a kept secret walks the network back to the application it has left',
    focus: { movesAt: 300, trouble: null, ssl: null },
    file: 'lib/sync/ensure-access.ts',
    edits: [
      {
        find: 'claimed === null || isSameApp(claimed, app) || readAt > claimed.readAt + CLOCKS_AGREE_MS',
        replace: 'claimed !== undefined',
      },
    ],
  },
  {
    name: 'an order that is not on record',
    focus: BASIC,
    file: 'lib/certificates/place-order.ts',
    edits: [
      {
        find: 'if (!(await book.record({ at, set, how, failed: false, despite }))) throw new LeaseLost();',
        replace: '',
      },
    ],
  },
  {
    name: 'the limits of the CA ignored',
    focus: REFUSED,
    file: 'lib/certificates/order-decision.ts',
    edits: [{ find: 'if (spent !== undefined) return', replace: 'if (spent?.until === 0) return' }],
  },
  {
    name: 'two workers order for one application',
    focus: { ...BASIC, workers: 2, leaseSeconds: 330 },
    file: 'lib/certificates/app-lease.ts',
    edits: [{ find: 'if (living && work.owner !== at.owner) return { result: undefined };', replace: '' }],
  },
  {
    name: 'a bad name holds all others for ever',
    focus: BASIC,
    file: 'lib/certificates/order-decision.ts',
    edits: [{ find: 'oldestReadyAt + waits.heldMs', replace: 'oldestReadyAt + 100 * waits.heldMs' }],
  },
  {
    name: 'a lost order is waited for for ever',
    focus: { trouble: null, movesAt: null, hands: [], ssl: { ...POINTED, points: [], listens: false } },
    file: 'lib/certificates/nothing-installed.ts',
    edits: [{ find: 'return await answered(domainId, asking, s);', replace: 'return false;' }],
  },
];
