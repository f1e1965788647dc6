import { systemClock } from '../../lib/clock.ts';
import type { Clock, DeadLetter, DelayedMessage, Queue, WorkMessage } from '../../lib/sync/ledger/ports.ts';
import { assertDelays } from '../../lib/work-message.ts';

interface QueuedMessage {
  readonly id: number;
  readonly message: WorkMessage;
  readonly sentAt: number;
  readonly visibleAt: number;
  /** How often it has been received. */
  readonly receives: number;
}

export interface MemoryQueue extends Queue {
  /** Every message ever sent, in order, received or not. */
  readonly sent: readonly DelayedMessage[];
  readonly deadLetters: readonly DeadLetter[];
  /** What has been sent and not acknowledged, visible or not. */
  waiting(): QueuedMessage[];
  /**
   * Visible messages, those of networks with few in flight first, as fair queues do, then the earliest. Each hides for
   * `visibilityMs` and shows again unless acknowledged.
   */
  receive(options?: { max?: number; visibilityMs?: number }): QueuedMessage[];
  /** False if it had been acknowledged before. */
  ack(id: number): boolean;
}

/** The queue without a network. Like the real one it may hold the same message twice. */
export function memoryQueue({ clock = systemClock }: { clock?: Clock } = {}): MemoryQueue {
  const sent: DelayedMessage[] = [];
  const deadLetters: DeadLetter[] = [];
  const held = new Map<number, QueuedMessage>();
  let nextId = 1;

  const inOrder = () => [...held.values()].sort((a, b) => a.visibleAt - b.visibleAt || a.id - b.id);

  return {
    sent,
    deadLetters,

    async send(messages) {
      assertDelays(messages);
      for (const { message, delaySeconds } of messages) {
        const sentAt = clock.now();
        sent.push({ message: { ...message }, delaySeconds });
        held.set(nextId, {
          id: nextId,
          message: { ...message },
          sentAt,
          visibleAt: sentAt + delaySeconds * 1000,
          receives: 0,
        });
        nextId += 1;
      }
      return [];
    },

    async sendDeadLetter(deadLetter) {
      deadLetters.push(structuredClone(deadLetter));
    },

    waiting: inOrder,

    receive({ max = 1, visibilityMs = 30_000 } = {}) {
      const now = clock.now();
      const inFlight = new Map<string, number>();
      for (const { message, receives, visibleAt } of held.values()) {
        if (receives > 0 && visibleAt > now)
          inFlight.set(message.network, (inFlight.get(message.network) ?? 0) + 1);
      }
      const busyness = ({ message }: QueuedMessage) => inFlight.get(message.network) ?? 0;
      const received = inOrder()
        .filter(({ visibleAt }) => visibleAt <= now)
        .sort((a, b) => busyness(a) - busyness(b))
        .slice(0, max)
        .map((entry) => ({ ...entry, visibleAt: now + visibilityMs, receives: entry.receives + 1 }));
      for (const entry of received) held.set(entry.id, entry);
      return received;
    },

    ack: (id) => held.delete(id),
  };
}
