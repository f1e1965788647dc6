import type { Queue } from '../../lib/sync/ledger/ports.ts';

/** Takes every message, and nobody ever looks. */
export const nobodysQueue: Pick<Queue, 'send'> = { send: async () => [] };
