import { certificateKey, domainKey, networkKey, type WorkKind } from '../../../lib/sync/ledger/keys.ts';
import { wasOutOfUse } from '../world/incidents/item-faults.ts';
import { NETWORK, type World } from '../world/world.ts';

/** A message may have been lost, and the sweep sends the next one half an hour later. A pass may then be slow. */
const LONGEST_MS = 2 * 60 * 60_000;

const WWW = 'www.';

const KINDS: readonly WorkKind[] = ['domain', 'network', 'certificate'];

/** What is due for long in a world where nothing keeps it, whatever is wrong with other items. Asked every few minutes. */
export class Overdue {
  readonly #world: World;
  /** When a requeue was last seen that waits for items out of use. The comparison waits for its end. */
  #requeueWaitedAt = Number.NEGATIVE_INFINITY;

  constructor(world: World) {
    this.#world = world;
  }

  found(): string[] {
    const { ledger, scheduler, ssl } = this.#world;
    const since = scheduler.now() - LONGEST_MS;
    const network = ledger.peek(networkKey(NETWORK));
    const { requeueSkipped = [], certificatesAt = null } = network ?? {};
    if (requeueSkipped.length > 0 && requeueSkipped.every((name) => this.#waitsForItem(name)))
      this.#requeueWaitedAt = scheduler.now();
    // Every pass reads the network's item.
    if (wasOutOfUse(this.#world, networkKey(NETWORK), since)) return [];
    const kinds = ssl === null ? KINDS.slice(0, 2) : KINDS;
    const due = kinds.map((kind) => ledger.scheduled(kind, Number.POSITIVE_INFINITY));
    const late = due
      .flat()
      .filter(({ network }) => network === NETWORK)
      // A domain's end writes its certificate's item and its sibling before, a certificate's end its domain.
      .filter(({ item }) => !this.#waitsForItem(item.slice(item.indexOf('#') + 1)))
      .filter(({ item }) => item !== networkKey(NETWORK).item || this.#requeueWaitedAt < since)
      .filter(({ dueAt }) => dueAt !== null && dueAt < since)
      .map(({ item }) => `${item} is due for hours, and no pass comes`);
    // This waits for no other work of the network.
    const isAsked = certificatesAt !== null && certificatesAt < since;
    return isAsked ? [...late, 'the certificates are asked for, and for hours no message comes'] : late;
  }

  #waitsForItem(name: string): boolean {
    const sibling = name.startsWith(WWW) ? name.slice(WWW.length) : WWW + name;
    const keys = [domainKey(NETWORK, name), certificateKey(NETWORK, name), domainKey(NETWORK, sibling)];
    const since = this.#world.scheduler.now() - LONGEST_MS;
    return keys.some((key) => wasOutOfUse(this.#world, key, since));
  }
}
