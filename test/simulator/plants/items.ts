import type { Edit, Plant } from './plant.ts';

/** A pass that meets an item which cannot be read counts a crash, and a fifth one ends its work. */
const COUNTS_A_CRASH: readonly Edit[] = [
  { find: 'await release(false, s.delays.resendMs);', replace: 'await release(true, s.delays.resendMs);' },
];

/** In what holds while an item is out of use that is not a domain's, a certificate's or the network's own. */
export const itemPlants: readonly Plant[] = [
  {
    name: 'a notice lost where its item cannot be read',
    focus: 'unreadableNotices',
    breaks: /, but people were told/,
    edits: {
      'lib/sync/notices/record.ts': [
        {
          find: 'await updateItem(ledger, noticesKey(network), withNotice(network, notice, now));',
          replace:
            'await ifUsable(() => updateItem(ledger, noticesKey(network), withNotice(network, notice, now)));',
        },
      ],
    },
  },
  {
    name: 'the multisite told after people',
    focus: 'throttledNotices',
    breaks: /is owed for hours, and handed on to nobody/,
    edits: {
      'lib/sync/outcomes/send-owed.ts': [
        {
          find: '  const toMultisite = ',
          replace: '  await tellPeople(place, owed, s);\n  const toMultisite = ',
        },
      ],
    },
  },
  {
    name: 'an outcome that waits for another of its domain',
    focus: 'throttledOutcome',
    breaks: /is owed for hours, and handed on to nobody/,
    edits: {
      'lib/sync/outcomes/send-owed.ts': [
        {
          find: '    faults.push(...told.faults);',
          replace: '    if (told.faults.length > 0) throw worst(told.faults);',
        },
      ],
    },
  },
  {
    name: 'an outcome that waits for the order of its own certificate',
    focus: 'throttledAppOrders',
    breaks: /is owed for hours, and handed on to nobody/,
    edits: {
      'lib/certificates/batch.ts': [
        {
          find: '[...owing, ...due.map(({ item }) => item)]',
          replace: '[...owing, ...(failure === undefined ? due.map(({ item }) => item) : [])]',
        },
      ],
    },
  },
  {
    name: 'counts of a registered domain that cannot be read taken for a crash',
    focus: 'unreadableDomainOrders',
    breaks: /UnreadableItem/,
    edits: {
      'lib/certificates/batch-requests.ts': [
        { find: 'if (error instanceof UnreadableItem) {', replace: 'if (error instanceof LeaseLost) {' },
      ],
    },
  },
  {
    name: 'counts of the account that cannot be read taken for a crash',
    focus: 'unreadableAppOrders',
    breaks: /UnreadableItem/,
    edits: {
      'lib/certificates/batch-requests.ts': [
        { find: 'if (error instanceof UnreadableItem) {', replace: 'if (error instanceof LeaseLost) {' },
      ],
    },
  },
  {
    name: 'a pass fails over a lease on the certificates that it cannot read',
    focus: 'unreadableCertificateWork',
    breaks: /fails over an item that it cannot read/,
    edits: {
      'lib/certificates/reconcile.ts': [
        { find: '    if (error instanceof UnreadableItem) return;\n', replace: '' },
      ],
    },
  },
  {
    name: 'a wait for a claim that cannot be read counts as a crash',
    focus: 'unreadableClaim',
    breaks: /given up \(internal-error\)/,
    edits: { 'lib/sync/reconcile/reconcile.ts': COUNTS_A_CRASH },
  },
  {
    name: 'a wait for slots that cannot be read counts as a crash',
    focus: 'unreadableRateLimit',
    breaks: /given up \(internal-error\)/,
    edits: { 'lib/sync/reconcile/reconcile.ts': COUNTS_A_CRASH },
  },
  {
    name: 'a pass fails over a comparison that it cannot read',
    focus: 'unreadableComparison',
    breaks: /fails over an item that it cannot read/,
    edits: {
      'lib/sync/network-work/run.ts': [
        {
          find: '  await unlessUnreadable(() => runOnce(network, { deadlineAt, tried }, s));',
          replace: '  await runOnce(network, { deadlineAt, tried }, s);',
        },
      ],
    },
  },
  {
    name: 'a domain waits for a list of the ledger that cannot be read',
    focus: 'unreadableListing',
    breaks: /is due for hours, and no pass comes/,
    edits: {
      'lib/sync/network/listing/stored-listing.ts': [
        { find: '    return await unlessUnreadable(work);', replace: '    return await work();' },
      ],
    },
  },
];
