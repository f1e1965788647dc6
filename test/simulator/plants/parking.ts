import type { Plant } from './plant.ts';

/** In what happens to names that are parked. */
export const parkingPlants: readonly Plant[] = [
  {
    name: 'two parked siblings wake each other',
    focus: 'parkedSiblings',
    breaks: /is settled again and again/,
    edits: {
      'lib/sync/reconcile/outcome/sibling.ts': [
        {
          find: "if (item.state === 'parked' && target?.state === 'parked') return;",
          replace: '',
        },
      ],
    },
  },
];
