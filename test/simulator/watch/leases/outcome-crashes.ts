import { MOST_CRASHES } from '../../../../lib/sync/ledger/errors.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { OutcomeItem } from '../../../../lib/sync/ledger/items/outcome-item.ts';
import type { Key, Kind } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import type { World } from '../../world/world.ts';

interface GivenUp {
  readonly id: string;
  readonly domain: string;
  readonly at: number;
}

/** Which outcomes may be given up: the passes over one never came back, five in a row, and none in between had an answer. */
export class OutcomeCrashes {
  readonly #world: Pick<World, 'ledger' | 'outcomeQueue'>;
  readonly #answered = new WeakSet<Actor>();
  readonly #inARow = new Map<string, number>();
  readonly #givenUp: GivenUp[] = [];

  constructor(world: Pick<World, 'ledger' | 'outcomeQueue'>) {
    this.#world = world;
  }

  /** The multisite has answered the actor, or has kept silent. */
  answered(actor: Actor): void {
    this.#answered.add(actor);
  }

  guarding(ledger: Ledger, actor: Actor): Ledger {
    const write: Ledger['write'] = async (key, item, writes) => {
      const before = this.#outcomeAt(key);
      const done = await ledger.write(key, item, writes);
      const after = this.#outcomeAt(key);
      if (done && before !== undefined && after !== undefined) this.#written(actor, before, after);
      return done;
    };
    return { ...ledger, write };
  }

  #outcomeAt(key: Key<Kind>): OutcomeItem | undefined {
    return key.kind === 'outcome' ? this.#world.ledger.peek({ ...key, kind: 'outcome' }) : undefined;
  }

  #written(actor: Actor, before: OutcomeItem, { id, owner, state, content }: OutcomeItem): void {
    const crashes = this.#inARow.get(id) ?? 0;
    const isTakenOver = before.owner !== null && owner !== null && owner !== before.owner;
    if (isTakenOver) this.#inARow.set(id, crashes + 1);
    if (before.owner !== null && owner === null && this.#answered.has(actor)) this.#inARow.delete(id);
    const isGivenUp = before.state === 'open' && state === 'failed' && crashes >= MOST_CRASHES;
    if (isGivenUp && 'domain' in content) this.#givenUp.push({ id, domain: content.domain, at: content.at });
  }

  /** The multisite was rightly not told where the domain stands: what would have told it ended as a dead letter. */
  leaveUntold({ domain, since }: Pick<DomainItem, 'domain' | 'since'>): boolean {
    const { ledger, outcomeQueue } = this.#world;
    const ended = new Set(outcomeQueue.deadLetters.map(({ message }) => message.outcome));
    const isOf = ({ domain: name, at }: Pick<GivenUp, 'domain' | 'at'>) =>
      name === domain && at >= Date.parse(since);
    const isTaken = ({ state, content }: OutcomeItem) =>
      state === 'done' && 'domain' in content && isOf(content);
    return (
      this.#givenUp.some((one) => isOf(one) && ended.has(one.id)) && !ledger.all('outcome').some(isTaken)
    );
  }
}
