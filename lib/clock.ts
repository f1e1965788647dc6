import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from './sync/ledger/ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (ms) => {
    await wait(ms);
  },
};
