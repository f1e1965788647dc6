import type { WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import type { MemoryQueue } from '../../../doubles/queue.ts';
import type { Scheduler } from '../../chance/scheduler.ts';

const MOST_RECEIVES = 5;

/** What a slot does with a message. It calls `acknowledge` when the work is done, and reports when the slot is free again. */
export type Work = (slot: number, message: WorkMessage, acknowledge: () => void, ended: () => void) => void;

interface Terms {
  readonly slots: number;
  readonly visibilityMs: number;
  /** A message was received so often that it goes to the dead letters. */
  readonly givenUp?: (message: WorkMessage) => void;
}

/** Delivers the messages of one queue as Lambda does: this many at once, again unless acknowledged, and not for ever. */
export class QueueDeliveries {
  readonly #scheduler: Scheduler;
  readonly #queue: MemoryQueue;
  readonly #terms: Terms;
  readonly #work: Work;
  readonly #busy = new Set<number>();

  constructor(scheduler: Scheduler, queue: MemoryQueue, terms: Terms, work: Work) {
    this.#scheduler = scheduler;
    this.#queue = queue;
    this.#terms = terms;
    this.#work = work;
  }

  /** A message becomes visible after `delaySeconds`. */
  readonly arrived = (delaySeconds: number): void => {
    this.#scheduler.at(this.#scheduler.now() + delaySeconds * 1_000, () => this.#deliver());
  };

  #deliver(): void {
    const { slots, visibilityMs } = this.#terms;
    for (let slot = 0; slot < slots; slot++) {
      if (this.#busy.has(slot)) continue;
      const [message] = this.#queue.receive({ max: 1, visibilityMs });
      if (message === undefined) return;
      if (message.receives > MOST_RECEIVES) {
        this.#queue.ack(message.id);
        this.#terms.givenUp?.(message.message);
        continue;
      }
      this.#scheduler.at(this.#scheduler.now() + visibilityMs, () => this.#deliver());
      this.#busy.add(slot);
      this.#work(
        slot,
        message.message,
        () => this.#queue.ack(message.id),
        () => {
          this.#busy.delete(slot);
          this.#deliver();
        },
      );
    }
  }
}
