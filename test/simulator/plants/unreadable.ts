import type { Plant } from './plant.ts';

/** In what holds while an item cannot be read: only another version of the relay, or an operator, can end that. */
export const unreadablePlants: readonly Plant[] = [
  {
    name: 'a wait for a network that cannot be read counts as a crash',
    focus: 'unreadableNetwork',
    breaks: /given up \(internal-error\)/,
    edits: {
      'lib/sync/reconcile/reconcile.ts': [
        {
          find: 'await release(false, s.delays.resendMs);',
          replace: 'await release(true, s.delays.resendMs);',
        },
      ],
    },
  },
  {
    name: 'a wait for a domain that cannot be read counts as a crash of its outcome',
    focus: 'unreadableDomain',
    breaks: /but the multisite was told/,
    edits: {
      'lib/sync/outcomes/deliver.ts': [
        { find: 'await release(false, delays.resendMs);', replace: 'await release(true, delays.resendMs);' },
      ],
    },
  },
];
