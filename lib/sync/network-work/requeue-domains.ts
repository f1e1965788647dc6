import { Unavailable } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import { withoutReturn } from '../ledger/domains/grace.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import { makeDue } from '../ledger/items/work-item.ts';
import { certificateKey, domainKey, networkKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { withMovedDomain } from '../ledger/work/certificate-request.ts';
import { type Move, moveOf, withMove } from './moved-domain.ts';

const PAGE = 50;
/** Time for the last page, and to release the lease. */
const PAGE_NEEDS_MS = 10_000;

/** More than that are not some hot keys: the ledger is out of reach. */
const MOST_SKIPPED = 50;

interface Progress {
  readonly cursor: string | null;
  readonly skipped: readonly string[];
}

/** Stores how far the requeue came. False: it was started anew, or another worker has it. */
function withProgress(owner: string, revision: number, { cursor, skipped }: Progress) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, boolean> => {
    if (item === undefined || item.owner !== owner || item.revision !== revision || item.requeue === null) {
      return { result: false };
    }
    const write = { ...item, requeue: { ...item.requeue, cursor }, requeueSkipped: skipped };
    return { write, result: true };
  };
}

/** Domains that waited for the pause to end are due now, with jitter, not at a later probe. */
function withResume(item: DomainItem, dueAt: number): DomainItem | undefined {
  return item.dueAt !== null && item.state === 'paused'
    ? { ...item, ...makeDue(item, dueAt, dueAt) }
    : undefined;
}

/**
 * A running pass may have begun at the old application, or during the pause: it must not settle over the move or the
 * resumption. A later pass finds the new claim, and no pause.
 */
function withNewRevision(item: DomainItem): DomainItem | undefined {
  return item.owner === null ? undefined : { ...item, revision: item.revision + 1 };
}

interface Requeue {
  /** Null: the network has not moved. */
  readonly move: Move | null;
  readonly now: number;
  readonly dueAt: number;
}

function requeued({ move, now, dueAt }: Requeue) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, undefined> => {
    if (item === undefined) return { result: undefined };
    const away = move === null ? undefined : withMove(item, move, now, dueAt);
    const waiting = move === null ? undefined : withoutReturn(item);
    const write = away ?? withResume(item, dueAt) ?? withNewRevision(waiting ?? item) ?? waiting;
    return write === undefined ? { result: undefined } : { write, result: undefined };
  };
}

/**
 * What is known of its certificate may belong to the old application, now or once the running pass has ended: also where the domain has
 * no row at the moment, because its removal was taken back, or waits.
 */
function leavesCertificate({ owner, runcloudId }: DomainItem, { move }: Requeue): boolean {
  return move !== null && (owner !== null || runcloudId === null || !isSameApp(runcloudId, move.to));
}

interface RequeueServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly random: Random;
  readonly delays: Pick<DomainDelays, 'apiMarginMs'>;
}

async function requeueDomain(read: DomainItem, move: Move | null, s: RequeueServices): Promise<void> {
  const { network, domain } = read;
  const now = s.clock.now();
  const dueAt = now + s.random() * s.delays.apiMarginMs;
  const at = { move, now, dueAt };
  // Before the domain: a repeated requeue would find the domain moved already.
  if (leavesCertificate(read, at)) {
    await unlessUnreadable(() =>
      updateItem(s.ledger, certificateKey(network, domain), (request) =>
        withMovedDomain(request, now, dueAt),
      ),
    );
  }
  await unlessUnreadable(() => updateItem(s.ledger, domainKey(network, domain), requeued(at)));
}

/** Goes on behind work on an item that is out of reach. Returns why it is. */
async function unlessOutOfReach(work: () => Promise<void>): Promise<Unavailable | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof Unavailable) return error;
    throw error;
  }
}

/**
 * Makes the domains due that a lifted pause or a change of ids calls for. It reads as many pages as time allows, from the
 * stored cursor on; true once no page is left. A domain whose key is throttled is skipped and tried again behind the last page:
 * none of the others becomes due a second time because of it. Throws while one is left.
 */
export async function requeueDomains(
  item: NetworkItem,
  { owner, deadlineAt }: { readonly owner: string; readonly deadlineAt: number },
  s: RequeueServices,
): Promise<boolean> {
  const { network, revision } = item;
  const move = moveOf(item);
  const skipped = new Set(item.requeueSkipped);
  let cursor = item.requeue?.cursor ?? null;
  let outOfReach: Unavailable | undefined;
  const hasTime = (): boolean => s.clock.now() < deadlineAt - PAGE_NEEDS_MS;
  const noted = (): Promise<boolean> =>
    updateItem(
      s.ledger,
      networkKey(network),
      withProgress(owner, revision, { cursor, skipped: [...skipped] }),
    );
  for (let isLast = false; !isLast; ) {
    if (!hasTime()) return false;
    const page = await s.ledger.page('domain', network, cursor ?? undefined, PAGE);
    for (const read of page.items) {
      const error = await unlessOutOfReach(() => requeueDomain(read, move, s));
      if (error !== undefined) skipped.add(read.domain);
      if (skipped.size > MOST_SKIPPED) throw error;
    }
    // Not the last item alone: none of a page may be readable, and it would be read for ever.
    cursor = page.cursor ?? page.items.at(-1)?.domain ?? cursor;
    isLast = page.cursor === undefined;
    if (!(await noted())) return false;
  }
  if (skipped.size === 0) return true;
  for (const domain of [...skipped]) {
    if (!hasTime()) break;
    const error = await unlessOutOfReach(async () => {
      const read = await unlessUnreadable(() => s.ledger.read(domainKey(network, domain)));
      if (read !== undefined) await requeueDomain(read.item, move, s);
    });
    if (error === undefined) skipped.delete(domain);
    else outOfReach = error;
  }
  await noted();
  if (outOfReach !== undefined) throw outOfReach;
  return skipped.size === 0;
}
