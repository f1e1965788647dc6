import {
  certificateKey,
  domainKey,
  type Key,
  type Kind,
  networkKey,
} from '../../../../lib/sync/ledger/keys.ts';
import type { WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import { DOMAINS } from '../../chance/planned-updates.ts';
import type { ItemFault } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { NETWORK, START, type World } from '../world.ts';

type Place = Pick<Key<Kind>, 'network' | 'item'>;
type Faulty = Pick<World, 'scenario' | 'scheduler'>;

function keyOf({ kind, domain }: Pick<ItemFault, 'kind' | 'domain'>) {
  const name = DOMAINS[domain] ?? DOMAINS[0];
  switch (kind) {
    case 'domain':
      return domainKey(NETWORK, name);
    case 'certificate':
      return certificateKey(NETWORK, name);
    case 'network':
      return networkKey(NETWORK);
  }
}

/** Whether a fault concerns an item at this moment, or has since that time. */
function isHit(fault: ItemFault | null, key: Place, now: number, since: number): boolean {
  if (fault === null) return false;
  const { network, item } = keyOf(fault);
  const from = START + fault.from * 1_000;
  return key.network === network && key.item === item && now >= from && since < from + fault.lasts * 1_000;
}

/** Whether DynamoDB throttles that item now. */
export function isThrottled({ scenario, scheduler }: Faulty, key: Place): boolean {
  const now = scheduler.now();
  return isHit(scenario.surroundings.throttled, key, now, now);
}

/** Whether the relay cannot use that item, or could not at some moment since that time. */
export function wasOutOfUse({ scenario, scheduler }: Faulty, key: Place, since: number): boolean {
  const { throttled, unreadable } = scenario.surroundings;
  return [throttled, unreadable].some((fault) => isHit(fault, key, scheduler.now(), since));
}

/** Whether a message may be about an item that the relay cannot use, or about a requeue of all domains that meets one. */
export function mayBeOutOfUse({ scenario }: Pick<World, 'scenario'>, { domain }: WorkMessage): boolean {
  const { throttled, unreadable } = scenario.surroundings;
  return [throttled, unreadable].some(
    (fault) =>
      fault !== null &&
      (domain === undefined || (fault.kind === 'domain' && DOMAINS[fault.domain] === domain)),
  );
}

/** A domain whose item a move may leave out, because it cannot be read: the next comparison after its end reopens it. */
export function missesMove({ movesAt, surroundings: { unreadable } }: Scenario): string | undefined {
  return movesAt !== null && unreadable?.kind === 'domain' ? DOMAINS[unreadable.domain] : undefined;
}

/** When the last of them is over, in seconds after the beginning. */
export function itemFaultsEnd({ scenario }: Pick<World, 'scenario'>): number {
  const { throttled, unreadable } = scenario.surroundings;
  return Math.max(0, ...[throttled, unreadable].map((fault) => (fault ? fault.from + fault.lasts : 0)));
}

/** A newer version of the relay writes an item that this one cannot read, until it is deployed again. */
export function planUnreadable(world: World): void {
  const { scenario, scheduler, ledger } = world;
  const { unreadable } = scenario.surroundings;
  if (unreadable === null) return;
  const key = keyOf(unreadable);
  scheduler.at(START + unreadable.from * 1_000, () => {
    if (!ledger.has(key)) return;
    scheduler.note(`${key.item} becomes unreadable`);
    ledger.spoil(key).catch((error: unknown) => {
      scheduler.failure ??= error;
    });
    scheduler.at(START + (unreadable.from + unreadable.lasts) * 1_000, () => {
      scheduler.note(`${key.item} is readable again`);
      ledger.restore(key);
    });
  });
}
