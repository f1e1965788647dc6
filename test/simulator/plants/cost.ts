import type { Plant } from './plant.ts';

/** In what a pass costs. */
export const costPlants: readonly Plant[] = [
  {
    name: 'an item read forty times for each update',
    focus: 'domains',
    breaks: /calls the ledger \d+ times, and has room for/,
    edits: {
      'lib/sync/ledger/update.ts': [
        {
          find: '  return updateFrom(ledger, key, rule, await ledger.read(key));\n',
          replace:
            '  for (let n = 0; n < 39; n++) await ledger.read(key);\n  return updateFrom(ledger, key, rule, await ledger.read(key));\n',
        },
      ],
    },
  },
];
