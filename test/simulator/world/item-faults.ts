import { certificateKey, domainKey, type Key, type Kind, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { WorkMessage } from '../../../lib/sync/ledger/ports.ts';
import { DOMAINS } from '../chance/planned-updates.ts';
import type { ItemFault } from '../chance/surroundings.ts';
import { NETWORK, START, type World } from './world.ts';

export function keyOf({ kind, domain }: Pick<ItemFault, 'kind' | 'domain'>) {
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

function isItem(key: Pick<Key<Kind>, 'network' | 'item'>, fault: ItemFault): boolean {
  const { network, item } = keyOf(fault);
  return key.network === network && key.item === item;
}

/** Whether DynamoDB throttles that item now, or has since that time. */
export function isThrottled(
  { scenario, scheduler }: Pick<World, 'scenario' | 'scheduler'>,
  key: Pick<Key<Kind>, 'network' | 'item'>,
  since = scheduler.now(),
): boolean {
  const { throttled } = scenario.surroundings;
  if (throttled === null || !isItem(key, throttled)) return false;
  const from = START + throttled.from * 1_000;
  return scheduler.now() >= from && since < from + throttled.lasts * 1_000;
}

/** Whether a message may be about the throttled item. */
export function mayBeThrottled({ scenario }: Pick<World, 'scenario'>, { domain }: WorkMessage): boolean {
  const { throttled } = scenario.surroundings;
  if (throttled === null) return false;
  return throttled.kind === 'domain' ? DOMAINS[throttled.domain] === domain : domain === undefined;
}
