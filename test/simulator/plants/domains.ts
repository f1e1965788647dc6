import type { Plant } from './plant.ts';

/** In the code that brings RunCloud's domains to the last update. */
export const domainPlants: readonly Plant[] = [
  {
    name: 'given up for want of a secret',
    focus: 'secretMissing',
    breaks: /given up \(secret-invalid\)/,
    edits: {
      'lib/sync/ledger/errors.ts': [
        {
          find: "'SecretMissing';\n  override readonly code: ErrorCode = 'secret-invalid';\n  override readonly failure: FailureKind = 'network';",
          replace:
            "'SecretMissing';\n  override readonly code: ErrorCode = 'secret-invalid';\n  override readonly failure: FailureKind = 'never';",
        },
      ],
    },
  },
  {
    name: 'deleted without asking whether it is protected',
    focus: 'protectedMeanwhile',
    breaks: /removes .*, which is protected/,
    edits: {
      'lib/sync/network/listing/protected-names.ts': [
        {
          find: 'domain === own || domain === WWW + own || WWW + domain === own',
          replace: 'domain === WWW + WWW + own',
        },
      ],
    },
  },
  {
    name: 'deleted though it was never announced',
    focus: 'neverAnnounced',
    breaks: /removes .*, which was never announced/,
    edits: {
      'lib/sync/reconcile/plan/plan.ts': [{ find: 'if (!goal.announced)', replace: 'if (!goal.domain)' }],
    },
  },
  {
    name: 'announced late, and its removal stays failed',
    focus: 'announcedLate',
    breaks: /given up \(not-announced\)/,
    edits: {
      'lib/sync/events/late-announcement.ts': [
        { find: "item.reason === 'not-announced'", replace: "item.reason === 'never'" },
      ],
    },
  },
  {
    name: 'more additions in an hour than the secret allows',
    focus: 'fewAdditions',
    breaks: /^POST 3 of an hour that has room for 2/,
    edits: {
      'lib/sync/network/limits/write-limit.ts': [
        { find: 'perHour: access.additionsPerHour', replace: 'perHour: 0 * access.additionsPerHour' },
      ],
    },
  },
  {
    name: 'more removals in an hour than the secret allows',
    focus: 'fewAdditions',
    breaks: /^DELETE 3 of an hour that has room for 2/,
    edits: {
      'lib/sync/network/limits/write-limit.ts': [
        { find: 'perHour: access.removalsPerHour', replace: 'perHour: 0 * access.removalsPerHour' },
      ],
    },
  },
  {
    name: 'removed within its grace period',
    focus: 'takenBack',
    breaks: /removes .* within its grace period/,
    edits: {
      'lib/sync/events/record-update.ts': [
        { find: 'const dueAt = Math.max(now, grace?.until ?? now);', replace: 'const dueAt = now;' },
      ],
      'lib/sync/reconcile/run.ts': [{ find: 'if (waitsUntil !== null)', replace: 'if (waitsUntil === -1)' }],
    },
  },
  {
    name: 'removed half a minute before its grace period ends',
    focus: 'shortGrace',
    breaks: /removes .* within its grace period/,
    edits: {
      'lib/sync/events/grace.ts': [
        { find: 'return { until: now + graceMs,', replace: 'return { until: now + graceMs - 30_000,' },
      ],
    },
  },
  {
    name: 'taken back as it was, though its row is being deleted',
    focus: 'takenBackLate',
    breaks: /: lost/,
    edits: {
      'lib/sync/events/grace.ts': [
        {
          find: 'item.owner === null && item.attempt === null && item.ambiguousUntil === null',
          replace: 'item.domain !== undefined',
        },
      ],
    },
  },
  {
    name: 'given up at the first failure that would have passed',
    focus: 'domains',
    breaks: /: given up \(.*\) after the world was repaired/,
    edits: {
      'lib/sync/ledger/work/backoff.ts': [
        {
          find: 'if (leftMs <= 0) return undefined;',
          replace: 'if (!refused || leftMs <= 0) return undefined;',
        },
      ],
    },
  },
  {
    name: 'deleted without looking for the primary domain',
    focus: 'domains',
    breaks: /removes the primary domain/,
    edits: {
      'lib/sync/reconcile/plan/plan.ts': [
        {
          find: "rows.find(({ type }) => type !== 'primary')",
          replace: 'rows.find(({ type }) => type !== null)',
        },
      ],
    },
  },
  {
    name: 'a removal that rests on one reading of several pages',
    focus: 'rowsMove',
    breaks: /back from the dead/,
    edits: {
      'lib/sync/network/listing/listing.ts': [
        // From the first page to the last, as a list is read that does not say how many pages follow.
        { find: 'const backward = backwardFrom(top);', replace: 'const backward = [backwardFrom(top)][1];' },
        { find: 'confirmed: isWhole && !top.more', replace: 'confirmed: isWhole' },
      ],
    },
  },
  {
    name: 'a comparison that trusts one reading from the first page to the last',
    focus: 'comparedWhileRowsMove',
    breaks: /back from the dead/,
    edits: {
      'lib/sync/drift/compared-list.ts': [
        { find: 'next === null ? undefined : backwardFrom(read)', replace: '[backwardFrom(read)][1]' },
        { find: '(this.isWhole && this.#isOnePage)', replace: 'this.isWhole' },
      ],
    },
  },
  {
    name: 'a name added that a wildcard covers',
    focus: 'nativeName',
    breaks: /a wildcard covers it, and it was added/,
    edits: {
      'lib/sync/reconcile/plan/plan.ts': [
        {
          find: 'const covered = goal.native && isServed',
          replace: 'const covered = !goal.native && isServed',
        },
      ],
    },
  },
  {
    name: 'what an operator deletes is never missed',
    focus: 'operatorActions',
    breaks: /: lost$/,
    edits: {
      'lib/sync/drift/unexpected-rows.ts': [
        { find: 'return !covered && !reading.serves(item.domain);', replace: 'return covered && !covered;' },
      ],
    },
  },
  {
    name: 'what an operator restores is removed again',
    focus: 'operatorActions',
    breaks: /put there by hand, and touched/,
    edits: {
      'lib/sync/drift/unexpected-rows.ts': [
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
  },
  {
    name: 'an unexpected row is not reported',
    focus: 'operatorActions',
    breaks: /put there by hand, and not reported as unknown/,
    edits: {
      'lib/sync/drift/unexpected-rows.ts': [
        { find: '!this.#explained.has(row.name) && ', replace: 'this.#explained.has(row.name) && ' },
      ],
    },
  },
  {
    name: 'a pause lifted by a mere read',
    focus: 'mayNotWrite',
    breaks: /lifts the pause, and was denied/,
    edits: {
      'lib/sync/reconcile/run.ts': [
        {
          find: "const aboutDomain = observations.answered && (error.failure === 'refused' || error.failure === 'never');",
          replace: 'const aboutDomain = observations.answered;',
        },
      ],
    },
  },
  {
    name: 'a kept secret moves the network back to the application it has left',
    focus: 'domainsMove',
    breaks: /moves the network back/,
    edits: {
      'lib/sync/network/claim.ts': [
        {
          find: 'claimed === null || holds(claimed, app) || readAt > claimed.readAt + CLOCKS_AGREE_MS',
          replace: 'claimed !== undefined',
        },
      ],
    },
  },
  {
    name: 'a row removed by an id of another application',
    focus: 'removedAfterMove',
    breaks: /removes .* during a pass of/,
    edits: {
      'lib/sync/reconcile/plan/goal.ts': [
        {
          find: 'const here = !isElsewhere(item, access.app);',
          replace: 'const here = true;',
        },
      ],
      // Alone the id does no harm: the name that answers it is checked.
      'lib/sync/reconcile/plan/plan.ts': [
        {
          find: 'const rows = seen.rows.filter(({ name }) => name === goal.domain);',
          replace: "const rows = seen.rows.filter(({ name }) => seen.via === 'id' || name === goal.domain);",
        },
      ],
    },
  },
  {
    name: 'a www. left to a row that goes',
    focus: 'wwwOutlives',
    breaks: /www\.acme-bikes\.com: lost/,
    edits: {
      'lib/sync/reconcile/follow-ups.ts': [
        {
          find: "hasServedWww = servedWww || writes.last?.op === 'update';",
          replace: "hasServedWww = writes.last?.op === 'update';",
        },
      ],
    },
  },
];
