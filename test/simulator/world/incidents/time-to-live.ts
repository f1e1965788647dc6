import { registeredDomain } from '../../../../lib/dns/registered-domain.ts';
import {
  appOrdersKey,
  certificateKey,
  comparisonKey,
  domainKey,
  domainOrdersKey,
  type Key,
  listingKey,
  rateLimitKey,
} from '../../../../lib/sync/ledger/keys.ts';
import type { Scheduler } from '../../chance/scheduler.ts';
import { FIRST_TOKEN, fingerprintOf, NETWORK, type World } from '../world.ts';

const HOUR_MS = 60 * 60_000;
const CHECK_EVERY_MS = 6 * HOUR_MS;
/** DynamoDB promises no moment: what has expired is usually deleted within days. */
const LATEST_MS = 4 * 24 * HOUR_MS;

type Expiring =
  | 'domain'
  | 'certificate'
  | 'comparison'
  | 'listing'
  | 'domainOrders'
  | 'appOrders'
  | 'rateLimit';

function keysOf({ ledger }: World): Key<Expiring>[] {
  const registered = new Set(ledger.all('certificate').map(({ domain }) => registeredDomain(domain)));
  return [
    ...ledger.all('domain').map(({ network, domain }) => domainKey(network, domain)),
    ...ledger.all('certificate').map(({ network, domain }) => certificateKey(network, domain)),
    comparisonKey(NETWORK),
    listingKey(NETWORK, 0),
    appOrdersKey(NETWORK),
    ...[...registered].map((name) => domainOrdersKey(NETWORK, name)),
    ...[FIRST_TOKEN, 'second', 'wrong'].map((token) => rateLimitKey(fingerprintOf(token))),
  ];
}

/** The table's TTL: deletes items some time after they have expired, unless they were written again meanwhile. */
export function forgetExpired(world: World): void {
  const { scheduler, ledger, random } = world;
  const planned = new Set<string>();

  const expired = async (key: Key<Expiring>) => {
    // What cannot be read is looked at again with the next check.
    const stored = ledger.isSpoilt(key) ? undefined : await ledger.read(key);
    const expiresAt = stored?.item.expiresAt ?? null;
    return stored !== undefined && expiresAt !== null && expiresAt * 1_000 <= scheduler.now()
      ? stored
      : undefined;
  };

  const forget = async (key: Key<Expiring>): Promise<void> => {
    planned.delete(key.network + key.item);
    const stored = await expired(key);
    if (stored === undefined) return;
    await ledger.write(key, undefined, stored.writes);
    world.forgotten.add(key.item);
    scheduler.note(`${key.item} is forgotten`);
  };

  const check = async (): Promise<void> => {
    for (const key of keysOf(world)) {
      const name = key.network + key.item;
      if (planned.has(name) || (await expired(key)) === undefined) continue;
      planned.add(name);
      scheduler.at(scheduler.now() + random.between(0, LATEST_MS), () => unwatched(scheduler, forget(key)));
    }
    scheduler.at(scheduler.now() + CHECK_EVERY_MS, () => unwatched(scheduler, check()));
  };
  unwatched(scheduler, check());
}

function unwatched(scheduler: Scheduler, work: Promise<void>): void {
  work.catch((error: unknown) => {
    scheduler.failure ??= error;
  });
}
