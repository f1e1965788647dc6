import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { createBy } from '../../doubles/create-by.ts';
import type { Actor } from '../chance/scheduler.ts';
import type { World } from '../world/world.ts';

/** Calls of one pass, whatever it does. */
const FOR_A_PASS = 45;
/** A call to RunCloud reads whether the network is paused, reserves a slot and notes the limit. */
const FOR_A_RUNCLOUD_CALL = 6;
/** Some passes read and write every item. */
const FOR_AN_ITEM = 20;

/** Counts the calls of each pass to the ledger: they are what a deployment pays for. */
export class LedgerCalls {
  readonly #world: Pick<World, 'scenario' | 'ledger'>;
  readonly #made = new Map<Actor, number>();
  readonly #runcloudCalls = new Map<Actor, number>();

  constructor(world: Pick<World, 'scenario' | 'ledger'>) {
    this.#world = world;
  }

  counting(ledger: Ledger, actor: Actor): Ledger {
    const count = (): void => void this.#made.set(actor, (this.#made.get(actor) ?? 0) + 1);
    const oneItem: Pick<Ledger, 'read' | 'write'> = {
      read: (key) => {
        count();
        return ledger.read(key);
      },
      write: (key, item, writes) => {
        count();
        return ledger.write(key, item, writes);
      },
    };
    return { ...ledger, ...oneItem, create: createBy(oneItem) };
  }

  runcloudCalled(actor: Actor): void {
    this.#runcloudCalls.set(actor, (this.#runcloudCalls.get(actor) ?? 0) + 1);
  }

  /** What is wrong with a pass that is over. What is repeated because a call failed does not count. */
  ends(actor: Actor): string[] {
    const { scenario, ledger } = this.#world;
    const made = this.#made.get(actor) ?? 0;
    const calls = this.#runcloudCalls.get(actor) ?? 0;
    this.#made.delete(actor);
    this.#runcloudCalls.delete(actor);
    const { throttled, unreadable } = scenario.surroundings;
    const repeats =
      scenario.roughness > 0 || scenario.contention > 0 || throttled !== null || unreadable !== null;
    const items = ledger.all('domain').length + ledger.all('certificate').length;
    const most = FOR_A_PASS + FOR_A_RUNCLOUD_CALL * calls + FOR_AN_ITEM * items;
    return !repeats && made > most
      ? [`${actor.name} calls the ledger ${made} times, and has room for ${most}`]
      : [];
  }
}
