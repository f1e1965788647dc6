import type { Plant } from './plant.ts';

/** In what a pass costs. */
export const costPlants: readonly Plant[] = [
  {
    name: 'the network read sixty times before each call',
    focus: 'operatorActions',
    breaks: /calls the ledger \d+ times, and has room for/,
    edits: {
      'lib/sync/network/session.ts': [
        {
          find: '        const pause = await breaker.closedBy();\n',
          replace: `        const key = { kind: 'network', network, item: 'network' } as const;
        for (let n = 0; n < 60; n++) await s.ledger.read(key);
        const pause = await breaker.closedBy();
`,
        },
      ],
    },
  },
];
