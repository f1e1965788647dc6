import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import { createBy } from '../../doubles/create-by.ts';
import { type MemoryLedger, memoryLedger } from '../../doubles/ledger.ts';
import { type MemoryQueue, memoryQueue } from '../../doubles/queue.ts';
import type { Canary } from '../flow/canary.ts';

type Watch = Canary['watch'];

/** A ledger in memory; the canary sees every item before it is written. */
export function watchedStoreLedger(watch: Watch): MemoryLedger {
  const ledger = memoryLedger();
  const write: MemoryLedger['write'] = (key, item, writes) => {
    watch('ledger', JSON.stringify([key, item]));
    return ledger.write(key, item, writes);
  };
  return { ...ledger, write, create: createBy({ ...ledger, write }) };
}

/** A queue in memory; the canary sees every message and every dead letter. */
export function watchedStoreQueue(watch: Watch, clock: Clock): MemoryQueue {
  const queue = memoryQueue({ clock });
  return {
    ...queue,
    send: (messages) => {
      watch('queue', JSON.stringify(messages));
      return queue.send(messages);
    },
    sendDeadLetter: (deadLetter) => {
      watch('dead-letter', JSON.stringify(deadLetter));
      return queue.sendDeadLetter(deadLetter);
    },
  };
}
