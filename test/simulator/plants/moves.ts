import type { Edit, Plant } from './plant.ts';

/** The new row forgets the order too, mostly in time: without that, only the guard that a plant takes away keeps the order from counting. */
const keepsOrder: Edit = {
  find: 'const known = newRow ? forNewRow(tried, now) : tried;',
  replace: 'const known = tried;',
};

/** In what keeps the orders of an application that the network leaves from counting at the next one. */
export const movePlants: readonly Plant[] = [
  {
    name: 'an order made though the network has left its application',
    focus: 'orderedWhileMoving',
    breaks: /orders for an application that the network has left/,
    edits: {
      'lib/certificates/orders/application-log.ts': [
        { find: 'claimed = await isClaimed();', replace: 'claimed = (await isClaimed()) || true;' },
      ],
    },
  },
  {
    name: 'an order of the application that was left is waited for at the next one',
    focus: 'orderedWhileMoving',
    breaks: /waits for an order for .* that its application never had/,
    edits: {
      'lib/certificates/order-log/application.ts': [
        { find: 'ordered: work.app === null ? work.ordered : []', replace: 'ordered: work.ordered' },
      ],
    },
  },
  {
    name: 'an order for one domain recorded after its move',
    focus: 'ownOrderedWhileMoving',
    breaks: /waits for an order for .* that its application never had/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [keepsOrder],
      'lib/certificates/orders/advanced.ts': [
        {
          find: "if (current.revision !== item.revision) return { result: 'outdated' };",
          replace: "if (current.revision < item.revision) return { result: 'outdated' };",
        },
      ],
    },
  },
  {
    name: 'an order for one domain is taken along by its move',
    focus: 'ownOrderedWhileMoving',
    breaks: /waits for an order for .* that its application never had/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [
        keepsOrder,
        {
          find: "'domain moved'),\n",
          replace: "'domain moved'),\n    orderedAt: item.orderedAt,\n",
        },
      ],
    },
  },
  {
    name: 'a check under way settles which order it waits for over a move',
    focus: 'orderedWhileMoving',
    breaks: /waits for an order for .* that its application never had/,
    edits: {
      'lib/certificates/outcome/settle.ts': [
        {
          find: '      pointedHereAt: pointsHere ? now : stored.pointedHereAt,\n',
          replace:
            "      pointedHereAt: pointsHere ? now : stored.pointedHereAt,\n      orderedAt: result.kind === 'requested' ? result.orderedAt : stored.orderedAt,\n",
        },
      ],
    },
  },
  {
    name: 'a check under way settles over the move of its domain',
    focus: 'orderedWhileMoving',
    breaks: /waits for an order for .* that its application never had/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [
        keepsOrder,
        {
          find: "'domain moved'),\n    ...makeDue(item, dueAt, dueAt),",
          replace: "'domain moved'),\n    ...makeDue(item, dueAt, dueAt),\n    revision: item.revision,",
        },
      ],
    },
  },
  {
    name: 'a move forgotten by a pass that ends early',
    focus: 'orderedWhileMoving',
    breaks: /waits for an order for .* that its application never had/,
    edits: {
      'lib/sync/ledger/work/certificate-request.ts': [keepsOrder],
      'lib/sync/reconcile/follow-ups.ts': [
        { find: 'moved && (serves || observations.row !== undefined)', replace: 'moved && serves' },
      ],
    },
  },
];
