import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { wasOutOfUse } from '../world/incidents/item-faults.ts';
import { countsMessages, NETWORK, type World } from '../world/world.ts';

const HOUR_MS = 60 * 60_000;
const MOST_AN_HOUR = 12;
/** Of a name whose passes meet an item out of reach: every five to six minutes, and now and then sooner, where a pass first waits for its slot. */
const MOST_PUT_OFF_AN_HOUR = 16;

/** Counts the messages about each name: more than some in an hour are a loop. */
export class MessageRate {
  readonly #world: World;
  readonly #times = new Map<string, readonly number[]>();
  readonly #repeats: number[] = [];
  readonly #waits: (name: string, since: number) => boolean;
  /** Names whose next message follows a wait. */
  readonly #waiting = new Set<string>();

  /** `waits`: what the work of a name waits for besides has been out of use since that time. */
  constructor(world: World, waits: (name: string, since: number) => boolean) {
    this.#world = world;
    this.#waits = waits;
  }

  /**
   * A killed pass or sweep repeats what it had begun, and a pass without time for its next call comes back: that extra message
   * is no sign of a loop.
   */
  repeats(): void {
    this.#repeats.push(this.#world.scheduler.now());
  }

  /** A pass that waits for a slot, for room under a limit or for another worker's list comes back then, and costs no call. */
  waits(name: string): void {
    this.#waiting.add(name);
  }

  /** An update resets the delays. */
  updated(name: string): void {
    for (const counted of [name, putOff(name), gathering(name)]) this.#times.delete(counted);
  }

  /** What concerns every name resets the delays of all. */
  updatedAll(): void {
    this.#times.clear();
  }

  /**
   * Whether one more message about the name is one too many. `gathers`: it waits, for minutes at most, until other names join its
   * order, which needs more messages than an hour of other work.
   */
  isEndless(name: string, { gathers = false } = {}): boolean {
    if (this.#waiting.delete(name) || !countsMessages(this.#world)) return false;
    const now = this.#world.scheduler.now();
    const since = now - HOUR_MS;
    const usual = gathers ? gathering(name) : name;
    const isPutOff = this.#isPutOff(name);
    const counted = isPutOff ? putOff(name) : usual;
    const most = isPutOff ? MOST_PUT_OFF_AN_HOUR : MOST_AN_HOUR;
    const recent = (this.#times.get(counted) ?? []).filter((at) => at > since);
    this.#times.set(counted, [...recent, now]);
    return recent.length >= most + this.#repeats.filter((at) => at > since).length;
  }

  /**
   * A pass that meets an item out of reach comes back with waits of its own, the same each time. The waits of its failures go on behind that.
   */
  #isPutOff(name: string): boolean {
    const now = this.#world.scheduler.now();
    const keys = [networkKey(NETWORK), domainKey(NETWORK, name), certificateKey(NETWORK, name)];
    return keys.some((key) => wasOutOfUse(this.#world, key, now)) || this.#waits(name, now);
  }
}

function putOff(name: string): string {
  return `${name}, put off`;
}

function gathering(name: string): string {
  return `${name}, gathering`;
}
