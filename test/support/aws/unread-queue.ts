import type { Queue } from '../../../lib/sync/ledger/ports.ts';

/** Takes every message, and none is ever received. */
export const nobodysQueue: Pick<Queue, 'send'> = { send: async () => [] };
