import { UnreadableItem } from '../../../../lib/errors.ts';
import type { Actor } from '../../chance/scheduler.ts';
import type { Watch } from '../../watch/watch.ts';
import { WORKER_TIMEOUT_MS, type World } from '../world.ts';
import { skewOf } from './cached-secrets.ts';

interface Call {
  readonly name: string;
  /** The host it runs on, which sets its clock. */
  readonly host: number;
  /** The message is a dead letter that was moved back. */
  readonly redriven: boolean;
  readonly acknowledge: () => void;
  readonly ended: () => void;
}

/** One call of a worker as Lambda makes it: stopped in time, and its message gone once it has returned. */
export function startPass(
  world: World,
  watch: Watch,
  { name, host, redriven, acknowledge, ended }: Call,
  pass: (actor: Actor, deadlineAt: number) => Promise<void>,
): void {
  const { scheduler } = world;
  const deadlineAt = scheduler.now() + WORKER_TIMEOUT_MS;
  const skewMs = () => skewOf(world, host);
  const actor = { name, deadlineAt, skewMs, mortal: true };
  const call = async (): Promise<void> => {
    try {
      await pass(actor, deadlineAt + skewMs());
    } catch (error) {
      if (error instanceof UnreadableItem) {
        // A dead letter about such an item goes back to its queue.
        if (!redriven) watch.broken.push(`${name} fails over an item that it cannot read: ${error.message}`);
        return;
      }
      // Only an outage of the ledger may end a pass so; the queue delivers the message again.
      if (!(error instanceof Error && error.name === 'Unavailable')) throw error;
      watch.putOff({ name }, error);
      return;
    }
    acknowledge();
  };
  watch.passBegins(actor);
  scheduler.start(actor, call, () => {
    watch.passEnds(actor);
    ended();
  });
}
