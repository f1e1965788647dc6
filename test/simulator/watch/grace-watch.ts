import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { Actor } from '../chance/scheduler.ts';
import type { World } from '../world/world.ts';
import { CLOCKS_AGREE_MS } from './clocks.ts';

/** The clocks of an API handler and of a worker differ, and a worker begins what is due so soon. */
const BEGINS_EARLY_MS = 2 * CLOCKS_AGREE_MS;

interface Unwanted {
  /** When the API handler was called that has written the removal. Its write may land long after that. */
  readonly calledAt: number;
  readonly writtenAt: number;
}

/** A removal is followed after its grace period, not before. */
export class GraceWatch {
  readonly #world: Pick<World, 'scenario' | 'scheduler'>;
  readonly #calledAt = new WeakMap<Actor, number>();
  /** Domains that were wanted, or unknown, before they became unwanted. */
  readonly #unwanted = new Map<string, Unwanted>();

  constructor(world: Pick<World, 'scenario' | 'scheduler'>) {
    this.#world = world;
  }

  begins(actor: Actor): void {
    if (!this.#calledAt.has(actor)) this.#calledAt.set(actor, this.#world.scheduler.now());
  }

  written(actor: Actor, before: DomainItem | undefined, { domain, wanted }: DomainItem): void {
    if (wanted === 'present') {
      this.#unwanted.delete(domain);
    } else if (before?.wanted !== 'absent') {
      const writtenAt = this.#world.scheduler.now();
      this.#unwanted.set(domain, { calledAt: this.#calledAt.get(actor) ?? writtenAt, writtenAt });
    }
  }

  /** What is wrong with a DELETE that a pass sends. */
  removalBegins({ name }: Actor, domain: string, passBegunAt: number): string[] {
    const { scenario, scheduler } = this.#world;
    const unwanted = this.#unwanted.get(domain);
    // A pass that began before, or in the same millisecond, may follow an earlier removal.
    if (unwanted === undefined || passBegunAt <= unwanted.writtenAt) return [];
    const until = unwanted.calledAt + scenario.removalGraceMinutes * 60_000;
    const isEarly = scheduler.now() < until - BEGINS_EARLY_MS;
    return isEarly ? [`${name} removes ${domain} within its grace period`] : [];
  }
}
