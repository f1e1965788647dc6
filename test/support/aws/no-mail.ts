import type { SweeperServices } from '../../../lib/sync/sweep/sweep.ts';

/** For sweeps of worlds in which no one reads mails. */
export const noMail: Pick<SweeperServices, 'mailer' | 'reportUnmailed'> = {
  mailer: { publish: async () => undefined, countDeadLetters: async () => 0, target: '--local' },
  reportUnmailed: (error) => {
    throw error;
  },
};
