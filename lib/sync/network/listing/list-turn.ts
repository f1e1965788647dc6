import { AFTER_CALL_MS, CHANGE_MS } from '../../ledger/budgets.ts';
import { heldByOther, released, taken } from '../../ledger/items/lease.ts';
import { freshNetwork, type NetworkItem } from '../../ledger/items/network-item.ts';
import { networkKey } from '../../ledger/keys.ts';
import type { Clock, Ledger } from '../../ledger/ports.ts';
import type { App } from '../../ledger/runcloud-ports.ts';
import { takenLease } from '../../ledger/updates/taken-lease.ts';
import { type ItemUpdate, readSeen, updateItem, updateRead } from '../../ledger/updates/update.ts';
import { hasLeft } from '../claim.ts';
import { hasTimeLeft } from '../time-left.ts';
import type { KeptListing } from './kept-listings.ts';
import { hasSingleRows } from './listing.ts';
import { type StoredListing, storeListing } from './stored-listing.ts';

/** The worker that reads the list now. */
export type Lister = NonNullable<NetworkItem['lister']>;

export interface ListReader {
  readonly network: string;
  readonly app: App;
  readonly owner: string;
  /** When the function that reads is stopped. */
  readonly deadlineAt: number;
  /** The network as the reader saw it last; left out: it is read. */
  readonly lastSeen?: () => NetworkItem | undefined;
}

/** Another worker that reads the list now; null: none does. */
export function otherLister(item: NetworkItem | undefined, owner: string, now: number): Lister | null {
  const lister = item?.lister ?? null;
  const lease = lister === null ? released : taken(lister.owner, lister.until);
  return heldByOther(lease, owner, now) ? lister : null;
}

/** Takes the turn; the result is null, or the worker that has it. */
function takeTurn(network: string, lister: Lister, now: number) {
  return (item: NetworkItem = freshNetwork(network)): ItemUpdate<NetworkItem, Lister | null> => {
    const other = otherLister(item, lister.owner, now);
    return other === null ? { write: { ...item, lister }, result: null } : { result: other };
  };
}

/** Takes the turn from now until the reader's function ends. Returns null, or the worker that has it. */
export async function holdTurn(
  reader: ListReader,
  readyAt: number | null,
  { ledger, clock }: { readonly ledger: Ledger; readonly clock: Pick<Clock, 'now'> },
): Promise<Lister | null> {
  const { network, owner, deadlineAt: until } = reader;
  const key = networkKey(network);
  const seen = await readSeen(ledger, key);
  const taken = await takenLease(
    () => updateRead(ledger, key, takeTurn(network, { owner, until, readyAt }, clock.now()), seen),
    async () => {
      // Kept where the pass needs its last seconds for its own end, it is over with them.
      if (hasTimeLeft(reader, clock.now(), CHANGE_MS + AFTER_CALL_MS))
        await updateItem(ledger, key, endReading(reader, undefined));
    },
  );
  return taken.result;
}

/** Gives the turn back, and notes what the ledger holds of the list now. */
export function endReading({ owner, app, network }: ListReader, read: StoredListing | undefined) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, undefined> => {
    const item = stored ?? freshNetwork(network);
    const lister = item.lister?.owner === owner ? null : item.lister;
    // The list of an application that the network has left says nothing about the one it has now.
    if (read === undefined || hasLeft(item, app)) {
      return lister === item.lister
        ? { result: undefined }
        : { write: { ...item, lister }, result: undefined };
    }
    const { begunAt, doneAt } = read;
    const singleRowsAt = hasSingleRows(read.rows)
      ? read.confirmed
        ? Math.max(item.singleRowsAt ?? 0, begunAt)
        : item.singleRowsAt
      : null;
    return { write: { ...item, lister, listing: { begunAt, doneAt }, singleRowsAt }, result: undefined };
  };
}

/** Stores a list for the other workers of its network. */
export async function shareListing(
  reader: ListReader,
  { domains, ...listing }: KeptListing,
  ledger: Ledger,
): Promise<void> {
  const read = { ...listing, reading: null, rows: domains };
  if (await storeListing(ledger, reader.network, reader.app, read)) {
    await updateItem(ledger, networkKey(reader.network), endReading(reader, read)).catch(() => undefined);
  }
}
