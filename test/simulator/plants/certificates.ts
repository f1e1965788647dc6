import type { Plant } from './plant.ts';

/** In the code that orders and watches certificates. */
export const certificatePlants: readonly Plant[] = [
  {
    name: 'a row made anew, whose certificate is not checked',
    focus: 'rowMadeAnew',
    breaks: /has another row, and no check of its certificate comes soon/,
    edits: {
      'lib/sync/reconcile/follow-ups.ts': [
        {
          find: 'const isOtherRow = row?.id !== runcloudId?.id;',
          replace: 'const isOtherRow = row !== null && runcloudId === null;',
        },
      ],
    },
  },
  {
    name: 'a request that was given up before is given up at its next failure',
    focus: 'wwwAfterFailure',
    breaks: /^the certificate of .* is given up \(runcloud-refused\) after/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [
        { find: 'const tried = forNewTry(item, now);', replace: 'const tried = item;' },
      ],
    },
  },
  {
    name: 'a known proxy taken for a stranger',
    focus: 'proxied',
    breaks: /can have a certificate, and is waiting-dns dns-mismatch/,
    edits: {
      'lib/dns/verdict.ts': [
        { find: '!ours.has(address) && !knownProxies.has(address)', replace: '!ours.has(address)' },
      ],
    },
  },
  {
    name: 'a certificate given up at the first failure',
    focus: 'ordersRefused',
    breaks: /the certificate of .* is given up \(.*\) after/,
    edits: {
      'lib/certificates/outcome/failure-state.ts': [
        {
          find: 'deadLetteredRevision === revision || waitedMs >= givingUpMs;',
          replace: 'deadLetteredRevision === revision || waitedMs < givingUpMs;',
        },
      ],
    },
  },
  {
    name: 'a wait for the limits counted as it is chosen',
    focus: 'wokenWhileLimited',
    breaks: /the certificate of .* is given up \(runcloud-refused\) after/,
    edits: {
      'lib/certificates/outcome/failure-state.ts': [
        {
          find: "    ...backingOff(item, { waitMs, counter: 'waitedMs' }, now),\n    attempts: item.attempts,",
          replace: '    ...due(now + waitMs),\n    waitedMs: item.waitedMs + waitMs,',
        },
      ],
    },
  },
  {
    name: 'an order before DNS',
    focus: 'pointsElsewhere',
    breaks: /an order before the DNS of/,
    edits: {
      'lib/certificates/checks/check-certificate.ts': [
        {
          find: "if (unsupported === undefined && found.kind === 'not-here') {",
          replace: 'if (unsupported !== undefined && false) {',
        },
      ],
    },
  },
  {
    name: 'an id used against another application',
    focus: 'certificatesMove',
    breaks: /is not on record|another application/,
    edits: {
      'lib/certificates/checks/check-certificate.ts': [
        {
          find: 'const here = !isElsewhere(domain, terms.session.access.app);',
          replace: 'const here = true;',
        },
      ],
    },
  },
  {
    name: 'an order that is not on record',
    focus: 'pointsElsewhere',
    breaks: /is not on record/,
    edits: {
      'lib/certificates/orders/place.ts': [
        {
          find: 'if (!(await orderLog.record(entry))) throw new LeaseLost();',
          replace: '',
        },
      ],
    },
  },
  {
    name: 'an order that is not counted',
    focus: 'pointsElsewhere',
    breaks: /is on record and not counted/,
    edits: {
      'lib/certificates/orders/place.ts': [
        { find: 'await countOrder(counted, ledger, counts);', replace: '' },
      ],
    },
  },
  {
    name: 'an uploaded certificate replaced',
    focus: 'uploadedCertificate',
    breaks: /over an uploaded certificate/,
    edits: {
      'lib/certificates/orders/own-certificate.ts': [
        {
          find: 'installed === undefined || !isOwn(installed.origin)',
          replace: 'installed === undefined || true',
        },
      ],
    },
  },
  {
    name: 'a certificate that cannot be read stops the requeue of its network',
    focus: 'unreadableMove',
    breaks: /network is due for hours, and no pass comes/,
    edits: {
      'lib/sync/network-work/requeue-domains.ts': [
        {
          find: 'await unlessUnreadable(() =>\n      updateItem(s.ledger, certificateKey',
          replace: 'await (async (work) => work())(() =>\n      updateItem(s.ledger, certificateKey',
        },
      ],
    },
  },
  {
    name: 'a certificate that cannot be read stops all others of its network',
    focus: 'unreadableRequest',
    breaks: /certificate#shop.* is due for hours, and no pass comes/,
    edits: {
      'lib/certificates/due.ts': [
        {
          find: 'unreadable.add(name);\n      if (!(error instanceof UnreadableItem)) fault ??= { error };',
          replace: 'throw error;',
        },
      ],
    },
  },
  {
    name: 'a sweep that forgets the certificates of its networks',
    focus: 'pointsElsewhere',
    breaks: /certificate#.* is due for hours, and no pass comes/,
    edits: {
      'lib/sync/sweep/due-certificates.ts': [{ find: 'await this.#s.ledger.networks()', replace: '[]' }],
    },
  },
  {
    name: 'a certificate asked for in a network that is not listed',
    focus: 'retriedAtOnce',
    breaks: /writes certificate#.*, by whose network no sweep finds it/,
    edits: {
      'lib/sync/events/record-retry.ts': [
        { find: 'await unlessUnreadable(() => listNetwork(ledger, network));', replace: '' },
      ],
    },
  },
  {
    name: 'too many names counted for every domain',
    focus: 'manyNames',
    breaks: /calls to RunCloud on a quiet day/,
    edits: {
      'lib/certificates/orders/by-mode.ts': [
        {
          find: 'await withinLastCount(ready, context.session, s);',
          replace: 'new Map<Ready, CertificateResult>();',
        },
      ],
    },
  },
  {
    name: 'RunCloud asked about every domain of a silent server',
    focus: 'silentForDays',
    breaks: /calls to RunCloud on a quiet day/,
    edits: {
      'lib/certificates/checks/silent-server.ts': [
        {
          find: 'if (!isRecent(item, s)) return updateItem',
          replace: 'if (!isRecent(item, s)) return true;\n  if (!isRecent(item, s)) return updateItem',
        },
      ],
    },
  },
  {
    name: 'the limits of the CA ignored',
    focus: 'ordersRefused',
    breaks: /orders a week for|failed ones in an hour/,
    edits: {
      'lib/certificates/orders/decide.ts': [
        { find: 'if (spent !== undefined) return', replace: 'if (spent?.until === 0) return' },
      ],
    },
  },
  {
    name: 'two workers order for one application',
    focus: 'twoOrder',
    breaks: /ends the lease of .* on the application/,
    edits: {
      'lib/certificates/order-log/app-lease.ts': [
        { find: 'lease !== null && heldByOther(lease, at.owner, at.now)', replace: 'lease === undefined' },
      ],
    },
  },
  {
    name: 'a worker refused by the lease on the application that asks for no message',
    focus: 'twoOrder',
    breaks: /leaves its work to .*, and no message comes should that one be killed/,
    edits: {
      'lib/certificates/order-log/app-orders.ts': [
        {
          find: 'await updateItem(ledger, keys.network, askAfterLease(network, result.until, clock.now()));',
          replace: '',
        },
      ],
    },
  },
  {
    name: 'a refused worker that relies on a message which was sent before it came',
    focus: 'twoOrder',
    breaks: /leaves its work to .*, and no message comes should that one be killed/,
    edits: {
      'lib/sync/network/refused-certificates.ts': [
        {
          find: 'asked <= at && asked > now + NEARLY_DUE_MS',
          replace: 'asked <= at && asked > now - 1e6 * NEARLY_DUE_MS',
        },
      ],
    },
  },
  {
    name: 'a pass that leaves its next one to a message which it never sends',
    focus: 'pointsElsewhere',
    breaks: /^no rest|is due for hours|can have a certificate, and is/,
    edits: {
      'lib/certificates/next-message.ts': [
        {
          find: 'return { ...item, sendAt: dueAt + messageMarginMs };',
          replace: 'return { ...item, sendAt: dueAt + 1e9 * messageMarginMs };',
        },
      ],
    },
  },
  {
    name: 'a bad name holds all others for ever',
    focus: 'movesAway',
    breaks: /is held for longer than an hour/,
    edits: {
      'lib/certificates/orders/decide.ts': [
        { find: 'oldestReadyAt + delays.heldMs', replace: 'oldestReadyAt + 100 * delays.heldMs' },
      ],
    },
  },
  {
    name: 'a name parked that has pointed here',
    focus: 'movesAway',
    breaks: /is parked, and has pointed here/,
    edits: {
      'lib/certificates/orders/park-names.ts': [
        {
          find: "if (unsupported ? request?.state === 'valid' : hasLedHere(request)) return null;",
          replace: '',
        },
      ],
    },
  },
  {
    name: 'a parked name that never comes back',
    focus: 'pointsHereLate',
    breaks: /points here, and is parked/,
    edits: {
      'lib/certificates/checks/check-parked.ts': [
        { find: 'await updateItem(s.ledger, key, unpark(now));', replace: '' },
      ],
    },
  },
  {
    name: 'a lost order is waited for for ever',
    focus: 'silentServer',
    breaks: /requested for ever|can have a certificate, and is/,
    edits: {
      'lib/certificates/checks/nothing-installed.ts': [
        { find: 'return await answered(domainId, session, s);', replace: 'return false;' },
      ],
    },
  },
  {
    name: 'a domain made due every day though its www. has a row of its own',
    focus: 'wwwByItself',
    breaks: /calls to RunCloud on a quiet day/,
    edits: {
      'lib/certificates/checks/requeue-for-www.ts': [
        { find: '(served && (await hasOwnRow(domain, s)))', replace: 'false' },
      ],
    },
  },
  {
    name: 'a www. that is served and not wanted left as it is',
    focus: 'wwwGivenUp',
    breaks: /www is true, wanted false/,
    edits: {
      'lib/certificates/checks/requeue-for-www.ts': [
        { find: 'if (isServedUnasked(domain, protectedDomains, now)) {', replace: 'if (now < 0) {' },
      ],
    },
  },
  {
    name: 'the www. of a protected domain withheld',
    focus: 'protectedWithheldWww',
    breaks: /the www\. of .* is withheld, and is protected/,
    edits: {
      'lib/certificates/orders/split-www.ts': [
        { find: 'if (isProtected(WWW + item.domain, protectedDomains)) return undefined;', replace: '' },
      ],
    },
  },
  {
    name: 'a dead letter about a certificate sent before the ledger says failed',
    focus: 'ordersRefused',
    breaks: /certificate\/\d+\/dead-letter is sent before the ledger says failed/,
    edits: {
      'lib/certificates/batch-requests.ts': [
        {
          find: '    const settled = await unlessUnreadable(() => this.#leases.settle(item, found));\n',
          replace: `    if (found.result.kind === 'failing') {
      const { network, domain, revision } = item;
      const id = network + '/' + domain + '/certificate/' + revision + '/dead-letter';
      const at = { firstFailureAt: 0, lastFailureAt: 0 };
      await this.#s.queue.sendDeadLetter({ id, message: { network, domain }, code: 'runcloud-refused', reason: '', ...at });
    }
    const settled = await unlessUnreadable(() => this.#leases.settle(item, found));
`,
        },
      ],
    },
  },
  {
    name: 'a dead letter that cannot be sent stops all certificates of its network',
    focus: 'failedAtOnce',
    breaks: /secure-\d+ leaves its work over a dead letter that it cannot send/,
    edits: {
      'lib/certificates/batch.ts': [
        {
          find: '    const failure = await this.#tryWork(due);\n',
          replace: `    for (const { network, domain, toSend } of owing)
      for (const owed of toSend)
        if (owed.kind === 'dead-letter')
          await this.#s.queue.sendDeadLetter({ ...owed, message: { network, domain, deadLetter: owed.revision } });
    const failure = await this.#tryWork(due);
`,
        },
      ],
    },
  },
  {
    name: 'AutoSSL waited for anew after a wait for a slot',
    focus: 'autosslBringsNone',
    breaks: /the request for .* gets messages without end/,
    edits: {
      'lib/certificates/orders/by-mode.ts': [
        { find: 'if (!(interruption instanceof RelayError)) throw interruption;', replace: '' },
      ],
    },
  },
];
