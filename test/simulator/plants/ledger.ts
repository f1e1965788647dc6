import type { Plant } from './plant.ts';

/** In what the ledger stores, and when. */
export const ledgerPlants: readonly Plant[] = [
  {
    name: 'a retry announces nothing',
    focus: 'retriedFirst',
    breaks: /a retry confirmed, but the ledger has nothing/,
    edits: {
      'lib/sync/events/record-retry.ts': [
        {
          find: 'return { ...(write && { write }), result: { superseded: undefined, open: true } };',
          replace: 'return { result: { superseded: undefined, open: write === undefined } };',
        },
      ],
    },
  },
  {
    name: 'what the queue refused is taken for sent',
    focus: 'domains',
    breaks: /moves the message for .* that the queue refused/,
    edits: {
      'lib/sync/sweep/round.ts': [
        {
          find: 'const refused = new Set((await queue.send([...messages.values()])).map(messageName));',
          replace: 'await queue.send([...messages.values()]); const refused = new Set<string>();',
        },
      ],
    },
  },
  {
    name: 'a dead letter that is moved back does nothing',
    focus: 'refused',
    breaks: /its dead letter was moved back, and it was not tried again/,
    edits: {
      'lib/sync/ledger/work/dead-letters.ts': [
        {
          find: 'if (item === undefined || item.dueAt !== null || !stillFailed(item, deadLetter))',
          replace: 'if (item === undefined || item.revision >= 0)',
        },
      ],
    },
  },
  {
    name: 'a dead letter that cannot be sent stops the work around it',
    focus: 'refused',
    breaks: /leaves its work over a dead letter that it cannot send/,
    edits: {
      'lib/sync/outcomes/send-owed.ts': [
        {
          find: '      reportUnsent({ network, domain, id: owed.id }, error);\n',
          replace: '      reportUnsent({ network, domain, id: owed.id }, error);\n      throw error;\n',
        },
      ],
    },
  },
  {
    name: 'a result is written once, whether or not the ledger is there',
    focus: 'throttled',
    breaks: /ends before its time, and keeps the lease of/,
    edits: {
      'lib/sync/ledger/updates/persist.ts': [
        {
          find: 'const passing = error instanceof Unavailable && clock.now() + waitMs <= deadlineAt - CHANGE_MS;',
          replace: 'const passing = error instanceof Unavailable && clock.now() > deadlineAt;',
        },
      ],
    },
  },
  {
    name: 'the result of a certificate is written once, whether or not the ledger is there',
    focus: 'throttledWhileChecked',
    breaks: /ends before its time, and keeps the lease of certificate#/,
    edits: {
      'lib/certificates/reconcile.ts': [{ find: '    await writeLateEnds(call, s);\n', replace: '' }],
    },
  },
  {
    name: 'a lease whose answer was lost is not given back',
    focus: 'domains',
    breaks: /keeps the lease of .*, which it was not told of/,
    edits: {
      'lib/sync/ledger/updates/taken-lease.ts': [
        {
          find: 'if (error instanceof Unavailable) await giveBack().catch(() => undefined);',
          replace: '',
        },
      ],
    },
  },
  {
    name: 'the ledger out of reach counts as a crash of a domain',
    focus: 'domains',
    breaks: /counts a crash of .*, which was not killed/,
    edits: {
      'lib/sync/reconcile/reconcile.ts': [
        {
          find: 'await release(false);\n    s.reportDeferred',
          replace: 'await release(true);\n    s.reportDeferred',
        },
      ],
    },
  },
  {
    name: 'the first update followed',
    focus: 'domains',
    breaks: /the ledger follows .*, the last update is/,
    edits: {
      'lib/sync/ledger/arrival.ts': [
        {
          find: 'return update.timestamp > recorded.timestamp',
          replace: 'return update.timestamp < recorded.timestamp',
        },
      ],
    },
  },
  {
    name: 'of two updates with one timestamp the greater id followed',
    focus: 'domains',
    breaks: /the ledger follows .*, the last update is/,
    edits: {
      'lib/sync/ledger/arrival.ts': [
        {
          find: 'return recorded.earlierIds?.includes(update.id) === true ?',
          replace: 'return update.id < recorded.id ?',
        },
      ],
    },
  },
  {
    name: 'an older id that comes again followed',
    focus: 'domains',
    breaks: /the ledger follows .*, the last update is/,
    edits: {
      'lib/sync/ledger/arrival.ts': [
        {
          find: 'return recorded.earlierIds?.includes(update.id) === true ?',
          replace: 'return recorded.earlierIds?.length === 0 ?',
        },
      ],
    },
  },
  {
    name: 'last update ignored',
    focus: 'domains',
    breaks: /the ledger follows .*, the last update is/,
    edits: {
      'lib/sync/events/record-update.ts': [
        {
          find: "if (item !== undefined && standing !== 'newer')",
          replace: "if (item !== undefined && standing === 'duplicate')",
        },
      ],
    },
  },
  {
    name: 'settle without looking at the revision',
    focus: 'domains',
    breaks: /back from the dead|: lost$|at rest, but/,
    edits: {
      'lib/sync/ledger/work/settle.ts': [
        {
          find: 'if (item.revision !== pass.revision) {',
          replace: 'if (item.revision < pass.revision) {',
        },
      ],
    },
  },
  {
    name: 'a new lease forgets an unanswered write',
    focus: 'lateWrites',
    breaks: /back from the dead|there \d times/,
    edits: {
      'lib/sync/ledger/work/work-lease.ts': [
        {
          find: 'item.attempt === null ? item.ambiguousUntil : ambiguityOf(item, item.attempt, terms.ambiguityMs)',
          replace: 'item.ambiguousUntil',
        },
      ],
    },
  },
  {
    name: 'what a killed worker has sent is forgotten',
    focus: 'killedCalls',
    breaks: /back from the dead/,
    edits: {
      'lib/sync/ledger/work/work-lease.ts': [
        {
          find: "if (heldByOther(item, owner, now)) return { result: { kind: 'none' } };",
          replace: '',
        },
        { find: 'if (isHeld(item, now)) return', replace: 'if (item.owner === owner) return' },
        {
          find: 'item.attempt === null ? item.ambiguousUntil : ambiguityOf(item, item.attempt, terms.ambiguityMs)',
          replace: 'item.ambiguousUntil',
        },
      ],
    },
  },
  {
    name: 'a success is owed to readers that there are not',
    focus: 'noReaders',
    breaks: /owes the success .*, and it has no reader/,
    edits: {
      'lib/sync/ledger/work/owed-outcome.ts': [
        {
          find: 'if (!failed && !readers.multisite && !readers.people) return answered;',
          replace: '',
        },
      ],
    },
  },
  {
    name: 'a success is not told where only people read',
    focus: 'peopleRead',
    breaks: /, but people were told/,
    edits: {
      'lib/sync/ledger/work/owed-outcome.ts': [
        {
          find: 'if (!failed && !readers.multisite && !readers.people) return answered;',
          replace: 'if (!failed && !readers.multisite) return answered;',
        },
      ],
    },
  },
  {
    name: 'a success is not told where only the multisite reads',
    focus: 'multisiteReads',
    breaks: /, but the multisite was told/,
    edits: {
      'lib/sync/ledger/work/owed-outcome.ts': [
        {
          find: 'if (!failed && !readers.multisite && !readers.people) return answered;',
          replace: 'if (!failed && !readers.people) return answered;',
        },
      ],
    },
  },
  {
    name: 'the ledger out of reach counts as a crash of an outcome',
    focus: 'throttledCertificate',
    breaks: /, but the multisite was told/,
    edits: {
      'lib/sync/outcomes/deliver.ts': [
        { find: 'await release(!(error instanceof Unavailable))', replace: 'await release(true)' },
      ],
    },
  },
  {
    name: 'the sweep moves sendAt unconditionally',
    focus: 'domains',
    breaks: /^sweep-.* with a needless message/,
    edits: {
      'lib/sync/sweep/moved-send-at.ts': [
        {
          find: 'if (item === undefined || item.sendAt !== sent.sendAt) return { result: undefined };',
          replace: 'if (item === undefined) return { result: undefined };',
        },
      ],
    },
  },
  {
    name: 'settled before what it sets in motion',
    focus: 'domains',
    breaks: /present without a request for a certificate/,
    edits: {
      'lib/sync/reconcile/reconcile.ts': [
        {
          find: '    const raised = await unlessUnreadable(() => writeFollowUps(item, found, writes, s));\n',
          replace: '    let raised: boolean | undefined = false;\n',
        },
        {
          find: '    s.report({ item, found: { ...found, result }, settled });\n',
          replace:
            '    s.report({ item, found: { ...found, result }, settled });\n    raised = await unlessUnreadable(() => writeFollowUps(item, found, writes, s));\n',
        },
      ],
    },
  },
  {
    name: 'an ambiguous write believed',
    focus: 'lateWrites',
    breaks: /back from the dead|there \d times/,
    edits: {
      'lib/sync/reconcile/outcome/settle.ts': [
        {
          find: 'pass.unanswered && item.attempt !== null',
          replace: 'pass.unanswered && item.attempt === null',
        },
      ],
    },
  },
  {
    name: 'an update without a schedule, the message trusted',
    focus: 'domains',
    breaks: /^no rest|without a message/,
    edits: {
      'lib/sync/events/record-update.ts': [
        {
          find: 'dueAt > now ? dueAt : now + API_MARGIN * baseMs),\n  };',
          replace: 'dueAt > now ? dueAt : now + API_MARGIN * baseMs),\n    sendAt: null,\n  };',
        },
      ],
    },
  },
  {
    name: 'the lease ignored',
    focus: 'domains',
    breaks: /ends the lease of/,
    edits: {
      'lib/sync/ledger/work/work-lease.ts': [
        {
          find: "if (heldByOther(item, owner, now)) return { result: { kind: 'none' } };",
          replace: '',
        },
        { find: 'if (isHeld(item, now)) return', replace: 'if (item.owner === owner) return' },
      ],
    },
  },
  {
    name: 'a lease without a fence',
    focus: 'domains',
    breaks: /ends the lease of/,
    edits: {
      'lib/sync/ledger/work/settle.ts': [
        {
          find: 'item === undefined || item.owner !== pass.owner',
          replace: 'item === undefined',
        },
      ],
    },
  },
  {
    name: 'a dead letter sent before the ledger says failed',
    focus: 'domains',
    breaks: /is sent before the ledger says failed/,
    edits: {
      'lib/sync/reconcile/reconcile.ts': [
        {
          find: '    const raised = await unlessUnreadable(() => writeFollowUps(item, found, writes, s));\n',
          replace: `    const raised = await unlessUnreadable(() => writeFollowUps(item, found, writes, s));
    if (found.result.kind === 'failed') {
      const id = network + '/' + domain + '/' + item.revision + '/dead letter';
      const message = { network, domain, deadLetter: item.revision };
      const at = { firstFailureAt: 0, lastFailureAt: 0 };
      await s.queue.sendDeadLetter({ id, message, code: 'internal-error', reason: '', ...at });
    }
`,
        },
      ],
    },
  },
];
