import { type Change, change } from './change.ts';
import { ListTooLong, NotBefore } from './errors.ts';
import { hasTimeForCall, type Task } from './guards.ts';
import { type NetworkItem, networkKey } from './items.ts';
import { freshNetwork } from './network.ts';
import type { Clock, Gate, Hosting, Ledger, Listing, Random } from './ports.ts';

/** So many calls, some ten seconds, are nobody's trouble: 400 domains. */
const SHORT_PAGES = 10;
/** Whoever finds somebody else listing comes back after that, and spread over the time of a listing. */
const AWAY_MS = 60_000;

interface Lister {
  readonly owner: string;
  readonly until: number;
}

const isOther = (
  item: NetworkItem | undefined,
  owner: string,
  now: number,
): item is NetworkItem & { lister: Lister } =>
  item !== undefined && item.lister !== null && item.lister.owner !== owner && item.lister.until > now;

/** The time of the other one who lists; null: it is ours. */
const takeTurn =
  (network: string, lister: Lister, now: number) =>
  (item: NetworkItem = freshNetwork(network)): Change<NetworkItem, number | null> =>
    isOther(item, lister.owner, now)
      ? { result: item.lister.until }
      : { write: { ...item, lister }, result: null };

const giveTurnBack =
  (owner: string) =>
  (item: NetworkItem | undefined): Change<NetworkItem, undefined> =>
    item?.lister?.owner === owner
      ? { write: { ...item, lister: null }, result: undefined }
      : { result: undefined };

/**
 * Reads a web application's list, one worker at a time once it is long: workers that share RunCloud's calls a minute would
 * else all run out of time, and begin anew for ever. One that is too long even then is a failure, which waits and ends like any
 * other. Throws `NotBefore` where somebody else lists, `ListTooLong`, and whatever `list` throws.
 */
export const longListing =
  (
    task: Task,
    hostingOf: (gate: Gate) => Pick<Hosting, 'list'>,
    gate: Gate,
    { ledger, clock, random }: { readonly ledger: Ledger; readonly clock: Clock; readonly random: Random },
  ) =>
  async (): Promise<Listing> => {
    const { network } = task.item;
    const key = networkKey(network);
    const { owner } = task;
    const awayUntil = (until: number) =>
      new NotBefore(clock.now() + AWAY_MS + random() * Math.max(0, until - clock.now()));

    let pages = 0;
    let mine = false;
    const takeMine = async (): Promise<void> => {
      const lister = { owner, until: task.deadlineAt };
      const until = await change(ledger, key, takeTurn(network, lister, clock.now()));
      if (until !== null) throw awayUntil(until);
      mine = true;
    };
    const counting: Gate = {
      before: async () => {
        pages += 1;
        if (pages > SHORT_PAGES && !mine) await takeMine();
        await gate.before();
      },
      after: gate.after,
    };

    const stored = (await ledger.read(key))?.item;
    if (isOther(stored, owner, clock.now())) throw awayUntil(stored.lister.until);
    try {
      return await hostingOf(counting).list();
    } catch (error) {
      if (!mine || !(error instanceof NotBefore) || hasTimeForCall(task, clock.now())) throw error;
      throw new ListTooLong(
        `The list of the web application's domains is longer than one call can read: it ended at page ${pages}`,
      );
    } finally {
      // What cannot be given back ends with the call.
      if (mine) await change(ledger, key, giveTurnBack(owner)).catch(() => undefined);
    }
  };
