import type { Ledger, Queue } from '../../lib/sync/ledger/ports.ts';

/**
 * The same ledger until the caller has its answer. After an early answer no work may go on: Lambda would freeze it, and
 * thaw it in the middle of another call.
 */
export function ledgerUntil(answered: AbortSignal, ledger: Ledger): Ledger {
  return {
    ...ledger,
    read: async (key) => {
      answered.throwIfAborted();
      return ledger.read(key);
    },
    write: async (key, item, writes) => {
      answered.throwIfAborted();
      return ledger.write(key, item, writes);
    },
    create: async (key, item) => {
      answered.throwIfAborted();
      return ledger.create(key, item);
    },
    page: async (kind, network, cursor, limit) => {
      answered.throwIfAborted();
      return ledger.page(kind, network, cursor, limit);
    },
  };
}

type Sender = Pick<Queue, 'send'>;

/** The same queue, likewise. */
export function queueUntil(answered: AbortSignal, queue: Sender): Sender {
  return {
    send: async (messages) => {
      answered.throwIfAborted();
      return queue.send(messages);
    },
  };
}
