import type { Actor } from '../chance/scheduler.ts';
import type { Watch } from '../watch/watch.ts';
import { skewOf } from './cached-secrets.ts';
import { WORKER_TIMEOUT_MS, type World } from './world.ts';

interface Call {
  readonly name: string;
  /** The host it runs on, which sets its clock. */
  readonly host: number;
  readonly acknowledge: () => void;
  readonly ended: () => void;
}

/** One call of a worker as Lambda makes it: stopped in time, and its message gone once it has returned. */
export function startPass(
  world: World,
  watch: Watch,
  { name, host, acknowledge, ended }: Call,
  pass: (actor: Actor, deadlineAt: number) => Promise<void>,
): void {
  const { scheduler } = world;
  const deadlineAt = scheduler.now() + WORKER_TIMEOUT_MS;
  const skewMs = skewOf(world, host);
  const actor = { name, deadlineAt, skewMs, mortal: true };
  const call = async (): Promise<void> => {
    try {
      await pass(actor, deadlineAt + skewMs);
    } catch (error) {
      // Only an outage of the ledger may end a pass so; the queue delivers the message again.
      if (!(error instanceof Error && error.name === 'Unavailable')) throw error;
      if (world.unsentDeadLetters.has(error)) {
        watch.broken.push(`${name} leaves its work over a dead letter that it cannot send`);
      }
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
