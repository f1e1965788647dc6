import { withMovedDomain } from '../ledger/certificate-request.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import type { DomainItem } from '../ledger/domain-item.ts';
import { withEntry } from '../ledger/history.ts';
import { certificateKey, domainKey, networkKey } from '../ledger/keys.ts';
import type { NetworkItem } from '../ledger/network-item.ts';
import type { App, Clock, Ledger, Random } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { toInstant } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import { freshCounts, makeDue } from '../ledger/work-item.ts';

const PAGE = 50;
/** Time left for the last page of a walk, and to give the lease back. */
const PAGE_NEEDS_MS = 10_000;

/** Notes how far the walk came. False: it was begun anew meanwhile, or is another worker's. */
function note(owner: string, revision: number, cursor: string | null) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    if (item === undefined || item.owner !== owner || item.revision !== revision || item.requeue === null) {
      return { result: false };
    }
    return { write: { ...item, requeue: { ...item.requeue, cursor } }, result: true };
  };
}

/** Domains that waited for the pause to end are due now, with jitter, not at the probe they were put behind. */
function resumed(item: DomainItem, dueAt: number): DomainItem | undefined {
  return item.dueAt !== null && item.state === 'paused'
    ? { ...item, ...makeDue(item, dueAt, dueAt) }
    : undefined;
}

/** Domains served by an application the secret no longer names are open work at the one it names now. */
function moved(item: DomainItem, app: App, now: number, dueAt: number): DomainItem | undefined {
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
}

/**
 * A pass that is under way may have begun at the application that was left, or during the pause: it must not settle over
 * the move or the resumption. A later pass finds the new claim, and no pause.
 */
function overtaken(item: DomainItem): DomainItem | undefined {
  return item.owner === null ? undefined : { ...item, revision: item.revision + 1 };
}

interface Requeue {
  /** Where the network has moved to; null: it has not. */
  readonly movedTo: App | null;
  readonly now: number;
  readonly dueAt: number;
}

function movedToOf({ requeue, claim }: NetworkItem): App | null {
  return requeue?.reason === 'moved' ? claim : null;
}

function requeue({ movedTo, now, dueAt }: Requeue) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, undefined> => {
    if (item === undefined) return { result: undefined };
    const away = movedTo === null ? undefined : moved(item, movedTo, now, dueAt);
    const write = away ?? resumed(item, dueAt) ?? overtaken(item);
    return write === undefined ? { result: undefined } : { write, result: undefined };
  };
}

/** What is known of its certificate may be of the application that was left: by now, or once the pass under way has ended. */
function leavesCertificate(item: DomainItem, { movedTo, now, dueAt }: Requeue): boolean {
  return movedTo !== null && (item.owner !== null || moved(item, movedTo, now, dueAt) !== undefined);
}

/**
 * Walks over a network's domains and makes due what a lifted pause or a change of ids calls for. As many pages as time
 * allows, from the stored one on; true once there is none left.
 */
export async function requeueDomains(
  item: NetworkItem,
  { owner, deadlineAt }: { readonly owner: string; readonly deadlineAt: number },
  s: {
    readonly ledger: Ledger;
    readonly clock: Clock;
    readonly random: Random;
    readonly delays: Pick<DomainDelays, 'apiMarginMs'>;
  },
): Promise<boolean> {
  const { network, revision } = item;
  let cursor = item.requeue?.cursor ?? undefined;
  while (s.clock.now() < deadlineAt - PAGE_NEEDS_MS) {
    const page = await s.ledger.page('domain', network, cursor, PAGE);
    for (const read of page.items) {
      const { domain } = read;
      const now = s.clock.now();
      const dueAt = now + s.random() * s.delays.apiMarginMs;
      const at = { movedTo: movedToOf(item), now, dueAt };
      // Before the domain, which the next walk would find moved already.
      if (leavesCertificate(read, at)) {
        await unlessUnreadable(() =>
          updateItem(s.ledger, certificateKey(network, domain), (request) =>
            withMovedDomain(request, now, dueAt),
          ),
        );
      }
      await unlessUnreadable(() => updateItem(s.ledger, domainKey(network, domain), requeue(at)));
    }
    cursor = page.cursor;
    const noted = await updateItem(s.ledger, networkKey(network), note(owner, revision, cursor ?? null));
    if (cursor === undefined) return true;
    if (!noted) return false;
  }
  return false;
}
