import type { World } from '../world/world.ts';

const HOUR_MS = 60 * 60_000;
const MOST_AN_HOUR = 12;

/** What is settled is done: it is made due again by news, and not again and again. */
export class SettledAgain {
  readonly #world: Pick<World, 'scheduler'>;
  readonly #times = new Map<string, readonly number[]>();

  constructor(world: Pick<World, 'scheduler'>) {
    this.#world = world;
  }

  /** An update is news. */
  updated(domain: string): void {
    this.#times.delete(domain);
  }

  /** What is wrong with a pass that has settled the domain. */
  settled(domain: string): string[] {
    const now = this.#world.scheduler.now();
    const recent = (this.#times.get(domain) ?? []).filter((at) => at > now - HOUR_MS);
    this.#times.set(domain, [...recent, now]);
    return recent.length === MOST_AN_HOUR ? [`${domain} is settled again and again`] : [];
  }
}
