import type { Queue } from '../../lib/sync/ledger/ports.ts';

/** Takes every hint, and nobody ever looks. */
export const nobodysQueue: Pick<Queue, 'send'> = { send: async () => [] };
