import type { Plant } from './plant.ts';

/** In what a pass costs. */
export const costPlants: readonly Plant[] = [
  {
    name: 'the network read twenty times before each call',
    focus: 'operatorActions',
    breaks: /calls the ledger \d+ times, and has room for/,
    edits: {
      'lib/sync/network/session.ts': [
        {
          find: '        const pause = await breaker.closedBy();\n',
          replace: `        const key = { kind: 'network', network, item: 'network' } as const;
        for (let n = 0; n < 20; n++) await s.ledger.read(key);
        const pause = await breaker.closedBy();
`,
        },
      ],
    },
  },
  {
    name: 'a row read twenty times',
    focus: 'wwwNotWanted',
    breaks: /calls RunCloud \d+ times, and has room for/,
    edits: {
      'lib/sync/reconcile/converge/ask-runcloud.ts': [
        {
          find: '    find: (id) => reads.find(id),\n',
          replace: `    find: async (id) => {
      for (let n = 0; n < 20; n++) await reads.find(id);
      return reads.find(id);
    },
`,
        },
      ],
    },
  },
];
