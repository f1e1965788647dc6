import type { Plant } from './plant.ts';

/** In what concerns a network as a whole: its claim, its credential, and the clocks of its workers. */
export const networkPlants: readonly Plant[] = [
  {
    name: 'the claim of another network taken over',
    focus: 'rivals',
    breaks: /takes the application that .* has claimed/,
    edits: {
      'lib/sync/network/claim.ts': [
        {
          find: 'if (foreignUntil(item, network, now) !== undefined && !isSeen) return { result: item };',
          replace: '',
        },
      ],
    },
  },
  {
    name: 'a secret believed by the clock of a host that is fast',
    focus: 'clocksSet',
    breaks: /moves the network back/,
    edits: {
      'lib/sync/network/claim.ts': [
        { find: 'readAt > claimed.readAt + CLOCKS_AGREE_MS', replace: 'readAt > claimed.readAt' },
      ],
    },
  },
  {
    name: 'a probe of a pause that several passes win',
    focus: 'mayNotWrite',
    breaks: /asks RunCloud while the network is paused/,
    edits: {
      'lib/sync/network/circuit-breaker.ts': [
        { find: 'const next = { ...pause, probeAt: at.now + at.probeMs };', replace: 'const next = pause;' },
      ],
    },
  },
  {
    name: 'the halves of a legacy key exchanged',
    focus: 'legacyKey',
    breaks: /^no rest|never compared at rest|given up/,
    edits: {
      'lib/runcloud/client.ts': [
        {
          find: 'basicToken(credential.key, credential.secret)',
          replace: 'basicToken(credential.secret, credential.key)',
        },
      ],
    },
  },
  {
    name: 'a kept listing believed though the domain was written since',
    focus: 'keptListing',
    breaks: /: lost$/,
    edits: {
      'lib/sync/reconcile/converge/usable-listing.ts': [
        { find: 'return lastAt === 0 ? 0 : lastAt + LANDS_WITHIN_MS;', replace: 'return 0;' },
      ],
    },
  },
  {
    name: 'a write recorded before it waits for its slot',
    focus: 'inLine',
    breaks: /sends .* long after it has recorded it/,
    edits: {
      'lib/sync/reconcile/converge/ask-runcloud.ts': [
        { find: '      wroteAt = now();\n      await recordWrite(op, task, s);\n', replace: '' },
        {
          find: '    remove: (row) => {\n      const mindSecret =',
          replace: `    remove: async (row) => {
      wroteAt = now();
      await recordWrite('remove', task, s);
      const mindSecret =`,
        },
        {
          find: "    add: (domain) => writes('add').add(domain),\n",
          replace: `    add: async (domain) => {
      await recordWrite('add', task, s);
      return writes('add').add(domain);
    },
`,
        },
      ],
    },
  },
  {
    name: 'a requeue begun anew for a throttled domain',
    focus: 'throttledMove',
    breaks: /gets messages without end|network is due for hours/,
    edits: {
      'lib/sync/network-work/requeue-domains.ts': [
        {
          find: 'if (error !== undefined) skipped.add(read.domain);',
          replace: 'if (error !== undefined) throw error;',
        },
      ],
    },
  },
  {
    name: 'a requeue that goes before the message for the certificates',
    focus: 'throttledMoveOfCertificates',
    breaks: /the certificates are asked for, and for hours no message comes/,
    edits: {
      'lib/sync/network-work/run.ts': [
        {
          find: 'if (asked && !tried.certificates)',
          replace: 'if (asked && !tried.certificates && item.requeue === null)',
        },
      ],
    },
  },
  {
    name: 'a name that holds the order checked every ten minutes for ever',
    focus: 'heldForDays',
    breaks: /calls to RunCloud on a quiet day/,
    edits: {
      'lib/certificates/orders/decide.ts': [
        {
          find: 'Math.max(delays.heldMs, now - since) * CHECKED_AFTER',
          replace: 'delays.heldMs * CHECKED_AFTER',
        },
      ],
    },
  },
];
