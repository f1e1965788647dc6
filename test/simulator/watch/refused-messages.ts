import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { DelayedMessage } from '../../../lib/sync/ledger/ports.ts';
import type { Actor } from '../chance/scheduler.ts';

/** What the queue has not taken from a sweep: the schedule must still say that it is to be sent. */
export class RefusedMessages {
  readonly #domains = new Map<Actor, Set<string>>();

  sent(actor: Actor, messages: readonly DelayedMessage[], left: readonly DelayedMessage[]): void {
    const domains = this.#domains.get(actor) ?? new Set();
    this.#domains.set(actor, domains);
    for (const message of messages) {
      const { domain } = message.message;
      if (domain === undefined) continue;
      if (left.includes(message)) domains.add(domain);
      else domains.delete(domain);
    }
  }

  /** What is wrong with a write; undefined: nothing. */
  written(actor: Actor, before: DomainItem | undefined, after: DomainItem): string | undefined {
    const moved = this.#domains.get(actor)?.has(after.domain) === true && before?.sendAt !== after.sendAt;
    return moved ? `${actor.name} moves the message for ${after.domain} that the queue refused` : undefined;
  }
}
