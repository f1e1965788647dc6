import { systemClock } from '../../lib/clock.ts';
import type { Clock, DelayedHint, Hint, Letter, Queue } from '../../lib/sync/ledger/ports.ts';
import { assertDelays } from '../../lib/work-message.ts';

interface QueuedHint {
  readonly id: number;
  readonly hint: Hint;
  readonly sentAt: number;
  readonly visibleAt: number;
  /** How often it has been received. */
  readonly receives: number;
}

export interface MemoryQueue extends Queue {
  /** Every hint ever sent, in order, received or not. */
  readonly sent: readonly DelayedHint[];
  readonly letters: readonly Letter[];
  /** What has been sent and not acknowledged, visible or not. */
  waiting(): QueuedHint[];
  /**
   * Visible hints, those of networks with few in flight first, as fair queues do, then the earliest. Each hides for
   * `visibilityMs` and shows again unless acknowledged.
   */
  receive(options?: { max?: number; visibilityMs?: number }): QueuedHint[];
  /** False if it had been acknowledged before. */
  ack(id: number): boolean;
}

/** The queue without a network. Like the real one it may hold the same hint twice. */
export const memoryQueue = ({ clock = systemClock }: { clock?: Clock } = {}): MemoryQueue => {
  const sent: DelayedHint[] = [];
  const letters: Letter[] = [];
  const held = new Map<number, QueuedHint>();
  let nextId = 1;

  const inOrder = () => [...held.values()].sort((a, b) => a.visibleAt - b.visibleAt || a.id - b.id);

  return {
    sent,
    letters,

    async send(hints) {
      assertDelays(hints);
      for (const { hint, delaySeconds } of hints) {
        const sentAt = clock.now();
        sent.push({ hint: { ...hint }, delaySeconds });
        held.set(nextId, {
          id: nextId,
          hint: { ...hint },
          sentAt,
          visibleAt: sentAt + delaySeconds * 1000,
          receives: 0,
        });
        nextId += 1;
      }
      return [];
    },

    async sendLetter(letter) {
      letters.push(structuredClone(letter));
    },

    waiting: inOrder,

    receive({ max = 1, visibilityMs = 30_000 } = {}) {
      const now = clock.now();
      const inFlight = new Map<string, number>();
      for (const { hint, receives, visibleAt } of held.values()) {
        if (receives > 0 && visibleAt > now)
          inFlight.set(hint.network, (inFlight.get(hint.network) ?? 0) + 1);
      }
      const busyness = ({ hint }: QueuedHint) => inFlight.get(hint.network) ?? 0;
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
};
