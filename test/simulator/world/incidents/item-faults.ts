import { registeredDomain } from '../../../../lib/dns/registered-domain.ts';
import {
  appOrdersKey,
  certificateKey,
  certificateWorkKey,
  claimKey,
  comparisonKey,
  domainKey,
  domainOrdersKey,
  type Key,
  type Kind,
  listingKey,
  networkKey,
  noticesKey,
  outcomeKey,
  rateLimitKey,
  type StoredItems,
} from '../../../../lib/sync/ledger/keys.ts';
import type { WorkMessage } from '../../../../lib/sync/ledger/ports.ts';
import { DOMAINS } from '../../chance/planned-updates.ts';
import type { ItemFault } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { FIRST_APP, FIRST_TOKEN, fingerprintOf, NETWORK, START, type World } from '../world.ts';

type Place = Pick<Key<Kind>, 'network' | 'item'>;
type Faulty = Pick<World, 'scenario' | 'scheduler' | 'faultyOutcomes'>;
type Spoiling = Faulty & Pick<World, 'ledger'>;

function nameOf({ domain }: Pick<ItemFault, 'domain'>): string {
  return DOMAINS[domain] ?? DOMAINS[0];
}

/** Undefined: the outcome that it concerns has not been written yet. */
function keyOf(fault: ItemFault, { faultyOutcomes }: Pick<World, 'faultyOutcomes'>): Key<Kind> | undefined {
  switch (fault.kind) {
    case 'domain':
      return domainKey(NETWORK, nameOf(fault));
    case 'certificate':
      return certificateKey(NETWORK, nameOf(fault));
    case 'network':
      return networkKey(NETWORK);
    case 'notices':
      return noticesKey(NETWORK);
    case 'outcome':
      return faultyOutcomes.get(fault);
    case 'domainOrders':
      return domainOrdersKey(NETWORK, registeredDomain(nameOf(fault)));
    case 'appOrders':
      return appOrdersKey(NETWORK);
    case 'certificateWork':
      return certificateWorkKey(NETWORK);
    case 'comparison':
      return comparisonKey(NETWORK);
    case 'listing':
      return listingKey(NETWORK, 0);
    case 'claim':
      return claimKey(FIRST_APP.serverId, FIRST_APP.appId);
    case 'rateLimit':
      return rateLimitKey(fingerprintOf(FIRST_TOKEN));
  }
}

function isSameItem(key: Place, other: Place | undefined): boolean {
  return key.network === other?.network && key.item === other.item;
}

/** Whether it lasts at this moment, or has lasted since that time. */
function lasts({ from, lasts }: ItemFault, now: number, since: number): boolean {
  const beginsAt = START + from * 1_000;
  return now >= beginsAt && since < beginsAt + lasts * 1_000;
}

/** Whether a fault concerns an item at this moment, or has since that time. */
function isHit(fault: ItemFault | null, key: Place, since: number, world: Faulty): boolean {
  return fault !== null && isSameItem(key, keyOf(fault, world)) && lasts(fault, world.scheduler.now(), since);
}

/** Whether DynamoDB throttles that item now. */
export function isThrottled(world: Faulty, key: Place): boolean {
  return isHit(world.scenario.surroundings.throttled, key, world.scheduler.now(), world);
}

/** Whether the relay cannot use that item, or could not at some moment since that time. */
export function wasOutOfUse(world: Faulty, key: Place, since: number): boolean {
  const { throttled, unreadable } = world.scenario.surroundings;
  return [throttled, unreadable].some((fault) => isHit(fault, key, since, world));
}

/** The faults of one of these kinds that last, or have since that time. */
export function faultsSince(
  { scenario, scheduler }: Pick<World, 'scenario' | 'scheduler'>,
  kinds: readonly ItemFault['kind'][],
  since: number,
): ItemFault[] {
  const { throttled, unreadable } = scenario.surroundings;
  return [throttled, unreadable]
    .filter((fault) => fault !== null)
    .filter((fault) => kinds.includes(fault.kind) && lasts(fault, scheduler.now(), since));
}

/** Whether the orders of a name are counted in the item that a fault concerns. */
export function sharesOrders(fault: ItemFault, name: string): boolean {
  return fault.kind === 'domainOrders' && registeredDomain(name) === registeredDomain(nameOf(fault));
}

/** Kinds of items that a requeue of all domains reads, or the pass over the network. */
const OF_NETWORK_WORK: readonly ItemFault['kind'][] = ['domain', 'certificate', 'network'];

/** Whether a message may be about an item that the relay cannot use, or about a requeue of all domains that meets one. */
export function mayBeOutOfUse({ scenario }: Pick<World, 'scenario'>, { domain }: WorkMessage): boolean {
  const { throttled, unreadable } = scenario.surroundings;
  return [throttled, unreadable].some((fault) => {
    if (fault === null) return false;
    if (domain === undefined) return OF_NETWORK_WORK.includes(fault.kind);
    return fault.kind === 'domain' && DOMAINS[fault.domain] === domain;
  });
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

/** These are there, or not, when the fault begins. All others may be written for the first time while it lasts. */
const THERE_BEFORE: readonly ItemFault['kind'][] = ['domain', 'certificate', 'network'];

function spoil(world: Spoiling, key: Key<Kind>, until: number): void {
  const { scheduler, ledger } = world;
  scheduler.note(`${key.item} becomes unreadable`);
  ledger.spoil(key).catch((error: unknown) => {
    scheduler.failure ??= error;
  });
  scheduler.at(until, () => {
    scheduler.note(`${key.item} is readable again`);
    ledger.restore(key);
  });
}

function endOf({ from, lasts }: ItemFault): number {
  return START + (from + lasts) * 1_000;
}

/** A newer version of the relay writes an item that this one cannot read, until it is deployed again. */
export function planUnreadable(world: World): void {
  const { scenario, scheduler, ledger } = world;
  const { unreadable } = scenario.surroundings;
  if (unreadable === null) return;
  scheduler.at(START + unreadable.from * 1_000, () => {
    const key = keyOf(unreadable, world);
    if (key !== undefined && ledger.has(key)) spoil(world, key, endOf(unreadable));
  });
}

/** A fault of an outcome concerns the first one of its domain that is written while it lasts. */
export function outcomeIsWritten(world: Faulty, key: Key<Kind>, item: StoredItems[Kind] | undefined): void {
  if (key.kind !== 'outcome' || item === undefined || !('content' in item)) return;
  const { content } = item;
  const { faultyOutcomes, scheduler, scenario } = world;
  const now = scheduler.now();
  for (const fault of [scenario.surroundings.throttled, scenario.surroundings.unreadable]) {
    if (fault?.kind !== 'outcome' || faultyOutcomes.has(fault) || !lasts(fault, now, now)) continue;
    if ('domain' in content && content.domain === nameOf(fault))
      faultyOutcomes.set(fault, outcomeKey(key.network, item.id));
  }
}

/** The newer version writes over an item that this one has just written. */
export function itemWasWritten(world: Spoiling, key: Key<Kind>): void {
  const { scenario, scheduler, ledger } = world;
  const { unreadable } = scenario.surroundings;
  if (unreadable === null || THERE_BEFORE.includes(unreadable.kind)) return;
  const now = scheduler.now();
  if (isHit(unreadable, key, now, world) && !ledger.isSpoilt(key) && ledger.has(key))
    spoil(world, key, endOf(unreadable));
}
