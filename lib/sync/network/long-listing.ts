import { ListTooLong, NotBefore } from '../ledger/errors.ts';
import { networkKey } from '../ledger/keys.ts';
import { heldByOther, released, taken } from '../ledger/lease.ts';
import type { NetworkItem } from '../ledger/network-item.ts';
import type { CallGuard, Clock, Hosting, Ledger, Listing, Random } from '../ledger/ports.ts';
import { MINUTE_MS } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import { freshNetwork } from './circuit-breaker.ts';
import { hasTimeLeft } from './time-left.ts';

/** So many calls, some ten seconds, need no turn: 400 domains. Under a low limit fewer take as long. */
const SHORT_PAGES = 10;
const SHORT_MS = MINUTE_MS;
/** Whoever finds somebody else listing comes back after that, and spread over the time of a listing. */
const AWAY_MS = MINUTE_MS;

type Lister = NonNullable<NetworkItem['lister']>;

export interface ListReader {
  readonly network: string;
  readonly owner: string;
  /** When the function that reads is stopped. */
  readonly deadlineAt: number;
}

/** Until when somebody else reads the list; null: nobody does. */
function othersUntil(item: NetworkItem | undefined, owner: string, now: number): number | null {
  const lister = item?.lister ?? null;
  const lease = lister === null ? released : taken(lister.owner, lister.until);
  return heldByOther(lease, owner, now) ? lease.leaseUntil : null;
}

/** Takes the turn, unless it is somebody else's: then until when. */
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
 * Reads a web application's list, one worker at a time once it is long: workers that share RunCloud's calls a minute would
 * else all run out of time, and begin anew for ever. One that is too long even then is a failure, which waits and ends like any
 * other. Throws `NotBefore` where somebody else lists, `ListTooLong`, and whatever `list` throws.
 */
export function longListing(
  reader: ListReader,
  hostingOf: (guard: CallGuard) => Pick<Hosting, 'list'>,
  guard: CallGuard,
  {
    ledger,
    clock,
    random,
  }: { readonly ledger: Ledger; readonly clock: Pick<Clock, 'now'>; readonly random: Random },
) {
  return async (): Promise<Listing> => {
    const { network, owner, deadlineAt } = reader;
    const key = networkKey(network);
    const awayUntil = (until: number) =>
      new NotBefore(clock.now() + AWAY_MS + random() * Math.max(0, until - clock.now()));

    const begunAt = clock.now();
    const isLong = (): boolean => pages > SHORT_PAGES || clock.now() - begunAt > SHORT_MS;
    /** What is left of the call would not do where most of it has not. */
    const isOver = (now: number): boolean => deadlineAt - now < now - begunAt || !hasTimeLeft(reader, now);
    let pages = 0;
    let mine = false;
    const takeMine = async (): Promise<void> => {
      const lister = { owner, until: deadlineAt };
      const until = await updateItem(ledger, key, takeTurn(network, lister, clock.now()));
      if (until !== null) throw awayUntil(until);
      mine = true;
    };
    const counting: CallGuard = {
      before: async () => {
        pages += 1;
        if (isLong() && !mine) await takeMine();
        await guard.before();
      },
      after: guard.after,
    };

    const others = othersUntil((await ledger.read(key))?.item, owner, clock.now());
    if (others !== null) throw awayUntil(others);
    try {
      return await hostingOf(counting).list();
    } catch (error) {
      if (!mine || !(error instanceof NotBefore) || !isOver(clock.now())) throw error;
      throw new ListTooLong(
        `The list of the web application's domains is longer than one call can read: it ended at page ${pages}`,
      );
    } finally {
      // What cannot be given back ends with the call.
      if (mine) await updateItem(ledger, key, releaseTurn(owner)).catch(() => undefined);
    }
  };
}
