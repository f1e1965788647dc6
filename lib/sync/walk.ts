import { type Change, change } from './change.ts';
import { isSameApp } from './claim.ts';
import { withEntry } from './history.ts';
import { toInstant } from './instant.ts';
import { type DomainItem, domainKey, type NetworkItem, networkKey } from './items.ts';
import type { WorkerServices } from './look-at-domain.ts';
import type { App } from './ports.ts';
import { freshCounts, makeDue } from './schedule.ts';

const PAGE = 50;
/** Time left for the last page of a walk, and to give the lease back. */
const PAGE_NEEDS_MS = 10_000;
const AFTER_LEASE_MS = 60_000;

type Walk = NonNullable<NetworkItem['walk']>;

interface Begun {
  readonly walk: Walk;
  readonly revision: number;
  readonly app: App | null;
}

const begin =
  (owner: string, now: number, leaseMs: number) =>
  (item: NetworkItem | undefined): Change<NetworkItem, Begun | undefined> => {
    if (item === undefined) return { result: undefined };
    if (item.leaseUntil !== null && item.leaseUntil > now) return { result: undefined };
    if (item.walk === null) {
      const stray = item.sendAt !== null || item.dueAt !== null;
      return stray
        ? { write: { ...item, dueAt: null, sendAt: null }, result: undefined }
        : { result: undefined };
    }
    const leaseUntil = now + leaseMs;
    const write = { ...item, owner, leaseUntil, sendAt: leaseUntil + AFTER_LEASE_MS };
    return { write, result: { walk: item.walk, revision: item.revision, app: item.claim } };
  };

/** Notes how far the walk came. False: it was begun anew meanwhile, or is another worker's. */
const note =
  (owner: string, revision: number, cursor: string | null) =>
  (item: NetworkItem | undefined): Change<NetworkItem, boolean> => {
    if (item === undefined || item.owner !== owner || item.revision !== revision || item.walk === null) {
      return { result: false };
    }
    return { write: { ...item, walk: { ...item.walk, cursor } }, result: true };
  };

const end =
  (owner: string, revision: number, finished: boolean, sendAt: number) =>
  (item: NetworkItem | undefined): Change<NetworkItem, undefined> => {
    if (item === undefined || item.owner !== owner) return { result: undefined };
    const free = { ...item, owner: null, leaseUntil: null };
    const over = finished && item.revision === revision;
    const write = over ? { ...free, walk: null, dueAt: null, sendAt: null } : { ...free, sendAt };
    return { write, result: undefined };
  };

/** Domains that waited for the pause to end are due now, with jitter, not at the probe they were put behind. */
const resumed = (item: DomainItem, dueAt: number): DomainItem | undefined =>
  item.dueAt !== null && item.state === 'paused' ? { ...item, ...makeDue(item, dueAt, dueAt) } : undefined;

/** Domains served by an application the secret no longer names are open work at the one it names now. */
const moved = (item: DomainItem, app: App, now: number, dueAt: number): DomainItem | undefined => {
  if (item.wanted !== 'present' || item.state === 'failed') return undefined;
  // Without a row of its own, a wildcard or an apex of the old application served it, if anything did.
  const there = item.runcloudId === null ? item.state !== 'present' : isSameApp(item.runcloudId, app);
  if (there) return undefined;
  return {
    ...item,
    ...freshCounts,
    runcloudId: null,
    wwwServed: null,
    answered: false,
    state: 'pending',
    reason: null,
    since: toInstant(now),
    history: withEntry(item.history, now, 'moved', `server ${app.serverId}, web application ${app.appId}`),
    ...makeDue(item, dueAt, dueAt),
  };
};

const wake = (
  { walk, app }: Begun,
  now: number,
  jitterMs: number,
): ((item: DomainItem | undefined) => Change<DomainItem, undefined>) => {
  return (item) => {
    if (item === undefined) return { result: undefined };
    const dueAt = now + jitterMs;
    const away = walk.reason === 'moved' && app !== null ? moved(item, app, now, dueAt) : undefined;
    const write = away ?? resumed(item, dueAt);
    return write === undefined ? { result: undefined } : { write, result: undefined };
  };
};

/** Goes on from the stored page; true once there is none left. */
const walkPages = async (
  network: string,
  begun: Begun,
  { owner, deadlineAt }: { readonly owner: string; readonly deadlineAt: number },
  s: WorkerServices,
): Promise<boolean> => {
  let cursor = begun.walk.cursor ?? undefined;
  while (s.clock.now() < deadlineAt - PAGE_NEEDS_MS) {
    const page = await s.ledger.page('domain', network, cursor, PAGE);
    for (const { domain } of page.items) {
      const rule = wake(begun, s.clock.now(), s.random() * s.waits.doorMarginMs);
      await change(s.ledger, domainKey(network, domain), rule);
    }
    cursor = page.cursor;
    const noted = await change(s.ledger, networkKey(network), note(owner, begun.revision, cursor ?? null));
    if (cursor === undefined) return true;
    if (!noted) return false;
  }
  return false;
};

/**
 * Looks at a network: walks over its domains and makes due what a lifted pause or a change of ids calls for. As many
 * pages as time allows; the next hint goes on from the stored page.
 */
export const walkNetwork = async (network: string, deadlineAt: number, s: WorkerServices): Promise<void> => {
  const key = networkKey(network);
  const owner = s.newOwner();
  const begun = await change(s.ledger, key, begin(owner, s.clock.now(), s.leaseMs));
  if (begun === undefined) return;
  const { revision } = begun;
  try {
    const finished = await walkPages(network, begun, { owner, deadlineAt }, s);
    await change(s.ledger, key, end(owner, revision, finished, s.clock.now()));
  } catch (error) {
    const sendAt = s.clock.now() + s.waits.givenBackMs;
    // A lease that cannot be given back ends by itself; what must be seen is why the walk broke off.
    await change(s.ledger, key, end(owner, revision, false, sendAt)).catch(() => undefined);
    throw error;
  }
};
