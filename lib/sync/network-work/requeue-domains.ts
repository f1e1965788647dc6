import { Unavailable } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import { withoutReturn } from '../ledger/domains/grace.ts';
import { withoutRow } from '../ledger/domains/without-row.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { withEntry } from '../ledger/items/history.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import { makeDue } from '../ledger/items/work-item.ts';
import { certificateKey, domainKey, networkKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import type { App } from '../ledger/runcloud-ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { withMovedDomain } from '../ledger/work/certificate-request.ts';

const PAGE = 50;
/** Time for the last page, and to release the lease. */
const PAGE_NEEDS_MS = 10_000;

/** Stores how far the requeue came. False: it was started anew, or another worker has it. */
function withCursor(owner: string, revision: number, cursor: string | null) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    if (item === undefined || item.owner !== owner || item.revision !== revision || item.requeue === null) {
      return { result: false };
    }
    return { write: { ...item, requeue: { ...item.requeue, cursor } }, result: true };
  };
}

/** Domains that waited for the pause to end are due now, with jitter, not at a later probe. */
function withResume(item: DomainItem, dueAt: number): DomainItem | undefined {
  return item.dueAt !== null && item.state === 'paused'
    ? { ...item, ...makeDue(item, dueAt, dueAt) }
    : undefined;
}

/**
 * Domains of an application that the secret no longer names become due at the one it names now. Among them a removal that was
 * never followed: what kept the domain was the old application's.
 */
function withMove(item: DomainItem, app: App, now: number, dueAt: number): DomainItem | undefined {
  const isKept = item.wanted === 'absent' && item.state === 'present';
  if ((item.wanted !== 'present' && !isKept) || item.state === 'failed') return undefined;
  // Without a row of its own, a wildcard or an apex of the old application served it, if anything did.
  const there = item.runcloudId === null ? item.state !== 'present' : isSameApp(item.runcloudId, app);
  if (there) return undefined;
  const detail = `server ${app.serverId}, web application ${app.appId}`;
  const moved = withoutRow(item, now, dueAt, withEntry(item.history, now, 'moved', detail));
  return isKept ? { ...moved, state: 'removing' } : moved;
}

/**
 * A running pass may have begun at the old application, or during the pause: it must not settle over the move or the
 * resumption. A later pass finds the new claim, and no pause.
 */
function withNewRevision(item: DomainItem): DomainItem | undefined {
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

function requeued({ movedTo, now, dueAt }: Requeue) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, undefined> => {
    if (item === undefined) return { result: undefined };
    const away = movedTo === null ? undefined : withMove(item, movedTo, now, dueAt);
    const waiting = movedTo === null ? undefined : withoutReturn(item);
    const write = away ?? withResume(item, dueAt) ?? withNewRevision(waiting ?? item) ?? waiting;
    return write === undefined ? { result: undefined } : { write, result: undefined };
  };
}

/** What is known of its certificate may belong to the old application, now or once the running pass has ended. */
function leavesCertificate(item: DomainItem, { movedTo, now, dueAt }: Requeue): boolean {
  return movedTo !== null && (item.owner !== null || withMove(item, movedTo, now, dueAt) !== undefined);
}

/**
 * Makes the domains due that a lifted pause or a change of ids calls for. It reads as many pages as time allows, from the
 * stored cursor on; true once no page is left.
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
    let outOfReach: Unavailable | undefined;
    const requeue = async (read: DomainItem): Promise<void> => {
      const { domain } = read;
      const now = s.clock.now();
      const dueAt = now + s.random() * s.delays.apiMarginMs;
      const at = { movedTo: movedToOf(item), now, dueAt };
      // Before the domain: a repeated requeue would find the domain moved already.
      if (leavesCertificate(read, at)) {
        await unlessUnreadable(() =>
          updateItem(s.ledger, certificateKey(network, domain), (request) =>
            withMovedDomain(request, now, dueAt),
          ),
        );
      }
      await unlessUnreadable(() => updateItem(s.ledger, domainKey(network, domain), requeued(at)));
    };
    for (const read of page.items) {
      // A domain whose key is throttled holds up no other of its page.
      await requeue(read).catch((error: unknown) => {
        if (!(error instanceof Unavailable)) throw error;
        outOfReach ??= error;
      });
    }
    if (outOfReach !== undefined) throw outOfReach;
    cursor = page.cursor;
    const noted = await updateItem(
      s.ledger,
      networkKey(network),
      withCursor(owner, revision, cursor ?? null),
    );
    if (cursor === undefined) return true;
    if (!noted) return false;
  }
  return false;
}
