import type { Plant } from './plant.ts';

/** In what holds while one task is slow and others finish all they do, and while the secret changes. */
export const racePlants: readonly Plant[] = [
  {
    name: 'a certificate asked for during its own pass is lost',
    focus: 'flapping',
    breaks: /present without a request for a certificate/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [
        {
          find: 'if (!arrived && item.owner === null) return { result: false };',
          replace: 'if (!arrived || (item.dueAt !== null && item.dueAt <= dueAt)) return { result: false };',
        },
      ],
    },
  },
  {
    name: 'a domain that was kept, and is wanted again during a check of its certificate, is lost',
    focus: 'keptThenWanted',
    breaks: /present without a request for a certificate/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [
        {
          find: 'if (!arrived && item.owner === null) return { result: false };',
          replace: 'if (!arrived) return { result: false };',
        },
      ],
    },
  },
  {
    name: 'a removal is taken back, and its certificate waits for the end of the grace period',
    focus: 'takenBackUnserved',
    breaks: /came back, and its certificate waits/,
    edits: {
      'lib/sync/ledger/work/resumed-certificate.ts': [
        { find: '!AWAITED.has(item.state)', replace: 'AWAITED.has(item.state)' },
      ],
    },
  },
  {
    name: 'a www. that comes during a check of the certificate is not checked',
    focus: 'wwwArrives',
    breaks: /ends a pass that has not seen .* arrive/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [
        {
          find: '...known, ...makeDueBy(item, dueAt) }',
          replace: '...known, ...makeDueBy(item, dueAt), revision: item.revision }',
        },
      ],
    },
  },
  {
    name: 'a pass under way settles at the application that was left',
    focus: 'slowMove',
    breaks: /: lost$/,
    edits: {
      'lib/sync/network-work/requeue-domains.ts': [
        {
          find: 'item.owner === null ? undefined : { ...item, revision: item.revision + 1 };',
          replace: 'item.owner === null ? undefined : item;',
        },
      ],
    },
  },
  {
    name: 'a pass settles at the application that was left, before the requeue comes',
    focus: 'endsDuringMove',
    breaks: /settled at the application that was left|back from the dead/,
    edits: {
      'lib/sync/network-work/moved-domain.ts': [
        {
          find: 'if (dueAt !== null || settledAt === null || at === null || isSameApp(settledAt, to)) return false;',
          replace: 'if (settledAt !== null || at === null || dueAt === null) return false;',
        },
      ],
    },
  },
  {
    name: 'a wait counted as it is chosen',
    focus: 'wokenWhileRefused',
    breaks: /is given up \(runcloud-refused\) after/,
    edits: {
      'lib/sync/ledger/work/backoff.ts': [
        { find: 'isOver ? waitMs : Math.max(0, now - since)', replace: 'isOver ? waitMs : waitMs' },
      ],
    },
  },
  {
    name: 'a 401 believed though the secret was read before it',
    focus: 'rotated',
    breaks: /takes a rotation of the token for a refusal of it/,
    edits: {
      'lib/sync/network/access.ts': [
        {
          find: 'while (access.readAt <= refusedAt) {',
          replace: 'while (access.readAt > refusedAt + deadlineAt) {',
        },
      ],
    },
  },
  {
    name: 'protected names asked before the wait for a slot',
    focus: 'domains',
    breaks: /has not asked right before whether it is protected/,
    edits: {
      'lib/sync/network/session.ts': [
        {
          find: '        await limiter.before();\n        await beforeSend?.();\n',
          replace:
            '        await beforeSend?.();\n        await limiter.before();\n        await s.clock.sleep(1);\n',
        },
      ],
    },
  },
  {
    name: 'a www. turned off without asking whether it is protected',
    focus: 'wwwNotWanted',
    breaks: /turns off www\.acme-bikes\.com, and has not asked right before/,
    edits: {
      'lib/sync/reconcile/converge/ask-runcloud.ts': [
        {
          find: 'const losesWww = row?.www === true && !to.www;',
          replace: 'const losesWww = row?.www === true && to.www;',
        },
      ],
    },
  },
  {
    name: 'a www. turned off that has become protected',
    focus: 'wwwProtectedMeanwhile',
    breaks: /turns off www\.acme-bikes\.com, which is protected/,
    edits: {
      'lib/sync/reconcile/plan/plan.ts': [
        {
          find: 'return www === true && isProtected(WWW + name, protectedDomains);',
          replace: 'return false;',
        },
      ],
      'lib/sync/reconcile/converge/still-removable.ts': [
        {
          find: 'if (isProtected(WWW + change.row.name, await protectedNow(change, s)))',
          replace: 'if ((await protectedNow(change, s)).length === 0)',
        },
      ],
    },
  },
  {
    name: 'a protected www. falls with the row of its apex',
    focus: 'protectedWww',
    breaks: /removes www\.acme-bikes\.com, which is protected/,
    edits: {
      'lib/sync/network/listing/protected-names.ts': [
        {
          find: 'domain === own || domain === WWW + own || WWW + domain === own',
          replace: 'domain === own || domain === WWW + own',
        },
        { find: 'const names = namesOf(row);', replace: 'const names = [row.name];' },
      ],
    },
  },
  {
    name: 'a redirect taken for serving',
    focus: 'redirected',
    breaks: /: lost$/,
    edits: {
      'lib/sync/network/listing/served-names.ts': [
        { find: "if (row.type === 'redirect') return [];", replace: '' },
      ],
    },
  },
  {
    name: 'a message that waits for hours after the lease it was refused by',
    focus: 'killedWorkers',
    breaks: /come long after the lease of/,
    edits: {
      'lib/sync/sweep/moved-send-at.ts': [
        {
          find: 'const sendAt = Math.min(from + sent.resendMs, afterLease(item, sent.now));',
          replace: 'const sendAt = from + sent.resendMs;',
        },
      ],
    },
  },
  {
    name: 'a second row of a removed name survives',
    focus: 'duplicates',
    breaks: /back from the dead|there \d times/,
    edits: {
      'lib/sync/reconcile/plan/second-row.ts': [
        {
          find: 'return !refusesDuplicates && !seenSingle;',
          replace: 'return refusesDuplicates && seenSingle && false;',
        },
      ],
    },
  },
  {
    name: 'networks that share a token take slots of their own',
    focus: 'sharedToken',
    breaks: /RunCloud turns a call away/,
    edits: {
      'lib/sync/network/session.ts': [
        {
          find: 'rateLimitKey(fingerprint)',
          replace: 'rateLimitKey(access.app.appId)',
        },
      ],
    },
  },
  {
    name: 'a slot of the line taken by two',
    focus: 'inLine',
    breaks: /RunCloud turns a call away/,
    edits: {
      'lib/sync/network/limits/line.ts': [
        {
          find: 'return takeSlots(begun === undefined ? known : withLine(known, left, now), { now, at: freeAt, calls });',
          replace: 'return { result: takeSlots(known, { now, at: freeAt, calls }).result };',
        },
      ],
    },
  },
  {
    name: 'a pass that waits in place for what lies beyond two seconds',
    focus: 'inLine',
    breaks: /waits \d+ s in place for its first call/,
    edits: {
      'lib/sync/network/limits/line.ts': [
        {
          find: 'const shortly = now + LONGEST_WAIT_MS;',
          replace: 'const shortly = now + 10 * LONGEST_WAIT_MS;',
        },
      ],
    },
  },
  {
    name: 'a place whose domain never comes back',
    focus: 'inLine',
    breaks: /^no rest|is due for hours/,
    edits: {
      'lib/sync/reconcile/outcome/next-state.ts': [
        {
          find: 'const sendAt = result.byMessage ? result.until + pass.delays.apiMarginMs : result.until;',
          replace:
            'const sendAt = result.byMessage ? result.until + 1e9 * pass.delays.apiMarginMs : result.until;',
        },
      ],
      'lib/sync/reconcile/wait-in-line.ts': [
        {
          find: 'await queue.send([{ message: { network, domain, returns: returns + 1 }, delaySeconds }]);',
          replace: '',
        },
      ],
    },
  },
  {
    name: 'later calls of a pass sent away like the first',
    focus: 'fewCalls',
    breaks: /^no rest|gets messages without end/,
    edits: {
      'lib/sync/network/limits/rate-limit.ts': [
        {
          find: 'count.made > 0 ? Math.max(shortly, patientUntil) : shortly',
          replace: 'count.made < 0 ? Math.max(shortly, patientUntil) : shortly',
        },
      ],
    },
  },
  {
    name: 'a task that runs on once a part of it has failed',
    focus: 'roughOrders',
    breaks: /is over, and runs on/,
    edits: {
      'lib/sync/ledger/in-batches.ts': [
        {
          find: 'const results: (R | undefined)[] = [];\n  for (let start = 0; start < items.length; start += atOnce) {\n',
          replace:
            'const results: (R | undefined)[] = [];\n  for (let start = 0; start < items.length; start += atOnce) {\n    return Promise.all(items.slice(start, start + atOnce).map(work));\n',
        },
      ],
    },
  },
];
