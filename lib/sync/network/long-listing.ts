import { ListTooLong, NotBefore } from '../ledger/errors.ts';
import { networkKey } from '../ledger/keys.ts';
import { heldByOther, released, taken } from '../ledger/lease.ts';
import type { NetworkItem } from '../ledger/network-item.ts';
import { freshNetwork } from '../ledger/network-item.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import type { Hosting } from '../ledger/runcloud-ports.ts';
import { MINUTE_MS } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import { statedPages } from './backward-reading.ts';
import { type Listing, readListing } from './listing.ts';
import { hasTimeLeft } from './time-left.ts';

/** Up to 10 pages (400 domains, about 10 s) need no turn. Under a low limit fewer pages take as long. */
const SHORT_PAGES = 10;
const SHORT_MS = MINUTE_MS;
/** A worker that finds another one listing comes back after this, spread over the time of a listing. */
const AWAY_MS = MINUTE_MS;

type Lister = NonNullable<NetworkItem['lister']>;

export interface ListReader {
  readonly network: string;
  readonly owner: string;
  /** When the function that reads is stopped. */
  readonly deadlineAt: number;
  /** The network as the reader saw it last; left out: it is read. */
  readonly lastSeen?: () => NetworkItem | undefined;
}

/** Until when another worker reads the list; null: none does. */
function othersUntil(item: NetworkItem | undefined, owner: string, now: number): number | null {
  const lister = item?.lister ?? null;
  const lease = lister === null ? released : taken(lister.owner, lister.until);
  return heldByOther(lease, owner, now) ? lease.leaseUntil : null;
}

/** Takes the turn; the result is null, or until when another worker has it. */
function takeTurn(network: string, lister: Lister, now: number) {
  return (item: NetworkItem = freshNetwork(network)): ItemUpdate<NetworkItem, number | null> => {
    const until = othersUntil(item, lister.owner, now);
    return until === null ? { write: { ...item, lister }, result: null } : { result: until };
  };
}

function releaseTurn(owner: string) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> =>
    item?.lister?.owner === owner
      ? { write: { ...item, lister: null }, result: undefined }
      : { result: undefined };
}

/**
 * Reads a web application's list. A long list is read by one worker at a time: workers that share RunCloud's calls per
 * minute would otherwise all run out of time and start again. A list that is too long even for one worker is a failure.
 * Throws `NotBefore` while another worker lists, `ListTooLong`, and what `page` throws.
 */
export function longListing(
  reader: ListReader,
  hosting: Pick<Hosting, 'page'>,
  {
    ledger,
    clock,
    random,
  }: { readonly ledger: Ledger; readonly clock: Pick<Clock, 'now'>; readonly random: Random },
) {
  return async (): Promise<Listing> => {
    const { network, owner, deadlineAt, lastSeen } = reader;
    const key = networkKey(network);
    const awayUntil = (until: number) =>
      new NotBefore(clock.now() + AWAY_MS + random() * Math.max(0, until - clock.now()));

    const begunAt = clock.now();
    /** The first page says how many follow; a list that does not say is counted. */
    const isLong = (): boolean => (stated ?? pages) > SHORT_PAGES || clock.now() - begunAt > SHORT_MS;
    /** The reading has taken more time than is left: another call would not reach the end either. */
    const isOver = (now: number): boolean => deadlineAt - now < now - begunAt || !hasTimeLeft(reader, now);
    let pages = 0;
    let stated: number | undefined;
    let mine = false;
    const takeMine = async (): Promise<void> => {
      const lister = { owner, until: deadlineAt };
      const until = await updateItem(ledger, key, takeTurn(network, lister, clock.now()));
      if (until !== null) throw awayUntil(until);
      mine = true;
    };
    const page: Hosting['page'] = async (number) => {
      pages += 1;
      if (isLong() && !mine) await takeMine();
      const read = await hosting.page(number);
      stated ??= statedPages(read);
      return read;
    };

    const stored = lastSeen === undefined ? (await ledger.read(key))?.item : lastSeen();
    const others = othersUntil(stored, owner, clock.now());
    if (others !== null) throw awayUntil(others);
    try {
      return await readListing({ page });
    } catch (error) {
      if (!mine || !(error instanceof NotBefore) || !isOver(clock.now())) throw error;
      throw new ListTooLong(
        `The list of the web application's domains is longer than one call can read: it ended after ${pages} pages`,
      );
    } finally {
      // A turn that cannot be released ends with the call.
      if (mine) await updateItem(ledger, key, releaseTurn(owner)).catch(() => undefined);
    }
  };
}
