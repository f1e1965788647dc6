import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import {
  certificateKey,
  domainKey,
  nameOf,
  networkKey,
  noticesKey,
  outcomeKey,
  type WorkKind,
} from '../../../lib/sync/ledger/keys.ts';
import { wasOutOfUse } from '../world/incidents/item-faults.ts';
import { NETWORK, type World } from '../world/world.ts';
import { allCallsWait, certificatesWait, orderWaits, refusalWaits } from './unusable-items.ts';

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
    const outcomes = [...this.#lateOutcomes(since), ...this.#untold(since)];
    // Every pass reads the network's item, and most ask RunCloud.
    if (wasOutOfUse(this.#world, networkKey(NETWORK), since) || allCallsWait(this.#world, since))
      return outcomes;
    const isSecured = ssl !== null && !certificatesWait(this.#world, since);
    const kinds = isSecured ? KINDS : KINDS.slice(0, 2);
    const due = kinds.map((kind) => ledger.scheduled(kind, Number.POSITIVE_INFINITY));
    const late = due
      .flat()
      .filter(({ network }) => network === NETWORK)
      // A domain's end writes its certificate's item and its sibling before, a certificate's end its domain.
      .filter(({ item }) => !this.#waitsForItem(item.slice(item.indexOf('#') + 1)))
      .filter(
        ({ item }) =>
          !item.startsWith('certificate#') || !orderWaits(this.#world, nameOf('certificate', item), since),
      )
      .filter(
        ({ item }) =>
          !item.startsWith('domain#') || !refusalWaits(this.#world, nameOf('domain', item), since),
      )
      .filter(({ item }) => item !== networkKey(NETWORK).item || this.#requeueWaitedAt < since)
      .filter(({ item }) => item !== networkKey(NETWORK).item || !this.#onlyTells(network, since))
      .filter(({ dueAt }) => dueAt !== null && dueAt < since)
      .map(({ item }) => `${item} is due for hours, and no pass comes`);
    // This waits for no other work of the network.
    const isAsked = isSecured && certificatesAt !== null && certificatesAt < since;
    const unasked = isAsked ? ['the certificates are asked for, and for hours no message comes'] : [];
    return [...late, ...unasked, ...outcomes];
  }

  /** Nothing but its own item, and those that it shows, keep an outcome. */
  #lateOutcomes(since: number): string[] {
    const { ledger } = this.#world;
    return ledger
      .all('outcome')
      .filter(({ network, dueAt }) => network === NETWORK && dueAt !== null && dueAt < since)
      .filter(({ id, content }) => {
        const told =
          'domain' in content
            ? [domainKey(NETWORK, content.domain), certificateKey(NETWORK, content.domain)]
            : [];
        const keys = [outcomeKey(NETWORK, id), ...told];
        return !keys.some((key) => wasOutOfUse(this.#world, key, since));
      })
      .map(({ id }) => `${outcomeKey(NETWORK, id).item} is due for hours, and nobody is told`);
  }

  /** What became of a domain is handed on to the multisite, whatever keeps people or another outcome waiting. */
  #untold(since: number): string[] {
    const { ledger } = this.#world;
    // A pass over certificates reads the network's item, and takes the lease on them.
    const waits =
      wasOutOfUse(this.#world, networkKey(NETWORK), since) || certificatesWait(this.#world, since);
    const owing = [...ledger.all('domain'), ...(waits ? [] : ledger.all('certificate'))];
    return owing
      .filter(({ domain }) => !this.#waitsForItem(domain))
      .flatMap(({ toSend }) => toSend)
      .filter((owed) => owed.kind === 'outcome' && owed.toMultisite && owed.at < since)
      .filter(({ id }) => !wasOutOfUse(this.#world, outcomeKey(NETWORK, id), since))
      .map(({ id }) => `${id} is owed for hours, and handed on to nobody`);
  }

  /** A pause is still to be told, in an item that is out of use. No other work of the network waits for that. */
  #onlyTells(network: NetworkItem | undefined, since: number): boolean {
    const { toSend = [], comparison = null } = network ?? {};
    const waits = wasOutOfUse(this.#world, noticesKey(NETWORK), since);
    return toSend.length > 0 && waits && (comparison === null || comparison.dueAt >= since);
  }

  #waitsForItem(name: string): boolean {
    const sibling = name.startsWith(WWW) ? name.slice(WWW.length) : WWW + name;
    const keys = [domainKey(NETWORK, name), certificateKey(NETWORK, name), domainKey(NETWORK, sibling)];
    const since = this.#world.scheduler.now() - LONGEST_MS;
    return keys.some((key) => wasOutOfUse(this.#world, key, since));
  }
}
