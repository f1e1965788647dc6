import type { Scenario } from './scenario.ts';

/** Writes that land late and workers that do not live to see it, without anything else going wrong. */
const LATE_WRITES: Partial<Scenario> = { faults: ['late'], roughness: 1, trouble: null, movesAt: null };

/** Somebody else works in the panel, and nothing else goes wrong. */
const HANDS: Partial<Scenario> = { roughness: 0, trouble: null, movesAt: null };

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
];
