import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import type { IncidentKind } from '../chance/incidents.ts';
import { DOMAINS } from '../chance/planned-updates.ts';
import { protectedSince } from '../world/runcloud/protected-domains.ts';
import { domainOf } from '../world/senders.ts';
import { hostingOf, NETWORK, PRIMARY, START, type World } from '../world/world.ts';
import { mayHaveCrashed } from './leases/crashes.ts';

/** A pass may record an answer this much later. */
const PASS_MS = 6 * 60_000;

/** RunCloud refused the name at the last try. */
function wasRefused({ domain, wanted, lastError }: DomainItem, { scenario: { refuses } }: World): boolean {
  return (
    refuses !== null &&
    wanted === 'present' &&
    domain === DOMAINS[refuses.domain] &&
    Date.parse(lastError?.at ?? '') < START + refuses.until * 1_000 + PASS_MS
  );
}

/** What may be one name's own incident: it pauses the network once a second name has met it, or never. */
const MAY_BE_ITS_OWN: ReadonlySet<IncidentKind> = new Set(['down', 'blocked', 'forbidden']);

/**
 * An operator has made the apex's row a redirect, and nothing mends it: the apex's own work was given up, which is judged by itself.
 * RunCloud adds no second row for the `www.` that this one holds.
 */
function isHeldByApex({ domain, wanted }: DomainItem, world: World): boolean {
  const apex = domain.startsWith('www.') ? domain.slice('www.'.length) : undefined;
  const row = [...hostingOf(world).rows.values()].find(({ name, www }) => name === apex && www === true);
  const item = world.ledger.all('domain').find((one) => one.domain === apex);
  return wanted === 'present' && row?.type === 'redirect' && item?.state === 'failed';
}

/** An outage lasted longer than the relay tries. */
function outlasted({ scenario: { incident }, delays }: World): boolean {
  return (
    incident !== null && MAY_BE_ITS_OWN.has(incident.kind) && incident.lasts * 1_000 >= delays.givingUpMs
  );
}

/** A signed event has named the domain, and an answer has confirmed it. What is forgotten must be announced again. */
function wasConfirmed({ said, announced, retried, forgotten }: World, domain: string): boolean {
  const added = said.some(
    (update, index) => update.wanted === 'present' && announced.has(index) && domainOf(update) === domain,
  );
  return (added || retried.has(domain)) && !forgotten.has(`domain#${domain}`);
}

/** Whether this world can have done that to the domain. */
function isRight(item: DomainItem, world: World): boolean {
  const { domain, wanted, lastError } = item;
  switch (lastError?.code) {
    case 'not-announced':
      return wanted === 'absent' && !wasConfirmed(world, domain);
    case 'runcloud-refused':
      return wasRefused(item, world) || isHeldByApex(item, world);
    case 'internal-error':
      return mayHaveCrashed(world, domainKey(NETWORK, domain).item);
    default:
      return outlasted(world);
  }
}

/** A removal that is refused for good, and rightly. */
export function isRightlyKept({ wanted, state, domain, reason }: DomainItem, world: World): boolean {
  if (wanted !== 'absent' || state !== 'present') return false;
  if (reason === 'primary-domain') return domain === PRIMARY;
  return reason === 'protected-domain' && protectedSince(world, domain) !== undefined;
}

/**
 * A passing failure is retried for fifteen hours. Except for a long outage, this world is repaired within three; a
 * network's own incidents last longer, and count nothing. So any other item given up for a passing failure was given
 * up too soon.
 */
export function wronglyGivenUp(world: World, item: DomainItem): string[] {
  return item.state !== 'failed' || isRight(item, world)
    ? []
    : [`${item.domain}: given up (${item.lastError?.code ?? 'no error'}) after the world was repaired`];
}
