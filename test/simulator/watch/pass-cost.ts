import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { createBy } from '../../doubles/create-by.ts';
import type { Actor } from '../chance/scheduler.ts';
import type { World } from '../world/world.ts';
import { readingOf } from './call-budget.ts';

/** Calls to the ledger of one pass, whatever it does. */
const FOR_A_PASS = 50;
/** A call to RunCloud reads whether the network is paused, reserves a slot and notes the limit. */
const FOR_A_RUNCLOUD_CALL = 4;
/** A pass over certificates works on every item, and so do a requeue and a comparison. */
const FOR_AN_ITEM = 10;

/** An order for the whole application may ask of each of its names whether it is proven, or at fault. */
const FOR_A_ROW = 2;

/** Calls to RunCloud of one pass, beside its lists: rows and their certificates are read, written and read again. */
const RUNCLOUD_CALLS = 12;
const RUNCLOUD_CALLS_FOR_AN_ITEM = 3;
/** One before a write, and one after it. */
const LISTS = 2;

interface Made {
  ledger: number;
  runcloud: number;
  /** An update that comes meanwhile is followed by the same call. */
  passes: number;
}

/** Counts the calls of each pass, which are what a deployment pays for and what RunCloud limits. */
export class PassCost {
  readonly #world: World;
  readonly #made = new Map<Actor, Made>();

  constructor(world: World) {
    this.#world = world;
  }

  #of(actor: Actor): Made {
    const made = this.#made.get(actor) ?? { ledger: 0, runcloud: 0, passes: 1 };
    this.#made.set(actor, made);
    return made;
  }

  counting(ledger: Ledger, actor: Actor): Ledger {
    const count = (): void => void this.#of(actor).ledger++;
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
    return {
      ...ledger,
      ...oneItem,
      create: createBy(oneItem),
      readAll: (keys) => {
        count();
        return ledger.readAll(keys);
      },
      dueCertificates: (network, asked) => {
        count();
        return ledger.dueCertificates(network, asked);
      },
      page: (kind, network, cursor, limit) => {
        count();
        return ledger.page(kind, network, cursor, limit);
      },
    };
  }

  runcloudCalled(actor: Actor): void {
    this.#of(actor).runcloud++;
  }

  /** Its work was made due meanwhile, so the actor makes another pass. */
  goesOn(actor: Actor): void {
    this.#of(actor).passes++;
  }

  /** What is wrong with a call that is over. What is repeated because a call failed does not count. */
  ends(actor: Actor): string[] {
    const { scenario, ledger, runclouds } = this.#world;
    const made = this.#of(actor);
    this.#made.delete(actor);
    const { throttled, unreadable } = scenario.surroundings;
    const repeats =
      scenario.roughness > 0 || scenario.contention > 0 || throttled !== null || unreadable !== null;
    if (repeats) return [];
    const items = ledger.all('domain').length + ledger.all('certificate').length;
    const rows = Math.max(...runclouds.map(({ hosting }) => hosting.rows.size));
    const most = FOR_A_PASS + FOR_A_RUNCLOUD_CALL * made.runcloud + FOR_AN_ITEM * items + FOR_A_ROW * rows;
    const reading = Math.max(...runclouds.map(({ hosting }) => readingOf(this.#world, hosting)));
    const mostRuncloud =
      made.passes * (RUNCLOUD_CALLS + RUNCLOUD_CALLS_FOR_AN_ITEM * items + LISTS * reading);
    return [
      ...(made.ledger > most
        ? [`${actor.name} calls the ledger ${made.ledger} times, and has room for ${most}`]
        : []),
      ...(made.runcloud > mostRuncloud
        ? [`${actor.name} calls RunCloud ${made.runcloud} times, and has room for ${mostRuncloud}`]
        : []),
    ];
  }
}
