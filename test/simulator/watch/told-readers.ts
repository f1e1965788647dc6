import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { WorkItem } from '../../../lib/sync/ledger/items/work-item.ts';
import type { Key, Kind } from '../../../lib/sync/ledger/keys.ts';
import type { Actor } from '../chance/scheduler.ts';
import type { World } from '../world/world.ts';
import { OutcomeCrashes } from './leases/outcome-crashes.ts';

/** What people are told of a domain that is served, or gone. */
const GOOD_NEWS: ReadonlyMap<string, string> = new Map([
  ['The web application serves it', 'present'],
  ['It is removed from the web application', 'absent'],
]);
/** A removal that is refused for good has a notice of its own. */
const REFUSED: ReadonlySet<string | null> = new Set(['protected-domain', 'primary-domain']);

/** Who reads of successes is told of them, and nothing is kept for readers that there are not. */
export class ToldReaders {
  readonly #world: Pick<World, 'scenario' | 'ledger' | 'received'>;
  readonly outcomeCrashes: OutcomeCrashes;
  /** The state in which people last heard of each domain. */
  readonly #people = new Map<string, string>();
  /** Domains of which people have heard that they were given up. */
  readonly #failures = new Set<string>();

  constructor(world: Pick<World, 'scenario' | 'ledger' | 'received' | 'outcomeQueue'>) {
    this.#world = world;
    this.outcomeCrashes = new OutcomeCrashes(world);
  }

  /** What is wrong with a write of the notices. */
  noticed({ name }: Actor, key: Key<Kind>): string[] {
    if (key.kind !== 'notices') return [];
    const waiting = this.#world.ledger.peek({ ...key, kind: 'notices' })?.waiting ?? [];
    const settled = waiting.filter(({ code }) => code === 'domain-settled');
    for (const { domain, message } of settled) {
      const state = GOOD_NEWS.get(message);
      if (domain !== null && state !== undefined) this.#people.set(domain, state);
    }
    for (const { code, domain } of waiting)
      if (code === 'domain-failed' && domain !== null) this.#failures.add(domain);
    const unread = settled.length > 0 && !this.#world.scenario.readers.people;
    return unread ? [`${name} records a notice of a success, and people want none`] : [];
  }

  /** What is wrong with the end of a pass. An API handler knows of no reader. */
  owes({ name }: Actor, before: WorkItem | undefined, after: WorkItem | undefined): string[] {
    const { multisite, people } = this.#world.scenario.readers;
    if (multisite || people || before?.owner?.startsWith(`${name}.`) !== true) return [];
    const known = new Set(before.toSend.map(({ id }) => id));
    const owed = after?.toSend ?? [];
    return owed
      .filter((owed) => owed.kind === 'outcome' && owed.type === 'domain.settled' && !known.has(owed.id))
      .map(({ id }) => `${name} owes the success ${id}, and it has no reader`);
  }

  /** What is wrong with a domain whose work is done. */
  atRest(item: DomainItem): string[] {
    const { domain, state, reason, wanted } = item;
    const { received, scenario } = this.#world;
    const { multisite, people } = scenario.readers;
    const told = received.get(domain)?.state;
    const faults: string[] = [];
    if (told !== (multisite ? state : undefined) && !this.outcomeCrashes.leaveUntold(item))
      faults.push(`${domain}: ${state}, but the multisite was told ${told}`);
    const isGoodNews = state === wanted && !REFUSED.has(reason);
    const heard = this.#people.get(domain);
    if (state === 'failed' && !this.#failures.has(domain))
      faults.push(`${domain}: failed, but people were not told`);
    if (people && isGoodNews && heard !== state)
      faults.push(`${domain}: ${state}, but people were told ${heard}`);
    return faults;
  }
}
