import type { HostedDomain, Hosting, ListingPage } from '../../ledger/runcloud-ports.ts';
import { type BackwardReading, backwardFrom } from './backward-reading.ts';
import { ListReading } from './list-reading.ts';

export interface Listing {
  readonly domains: readonly HostedDomain[];
  /** True if as many rows came as there are, as far as one reading can tell: only then a missing name may be absent. */
  readonly complete: boolean;
  /** Nothing can have slipped from page to page unseen: one page, rising ids read backward, or two equal readings. */
  readonly confirmed: boolean;
}

/** Whether every name has one row. */
export function hasSingleRows(rows: readonly HostedDomain[]): boolean {
  return new Set(rows.map(({ name }) => name)).size === rows.length;
}

async function readForward(hosting: Pick<Hosting, 'page'>, first?: ListingPage) {
  const reading = new ListReading();
  const ids: number[][] = [];
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    const read = page === 1 && first !== undefined ? first : await hosting.page(page);
    reading.add(read);
    ids.push(read.domains.map(({ id }) => id));
  }
  const { isWhole, isUncounted } = reading;
  return { reading, isWhole, isUncounted, places: JSON.stringify(ids) };
}

/** From the last page to the first, or on from where an earlier call has left it. */
async function readBackward(hosting: Pick<Hosting, 'page'>, reading: BackwardReading) {
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    reading.add(await hosting.page(page));
  }
  const { isComplete: complete, isConfirmed: confirmed, isUncounted, places } = reading;
  return { domains: [...reading.rows.values()], complete, confirmed, isUncounted, places };
}

/** Where neither a total nor the order of ids tells, two readings must find the same rows in the same places. */
function confirmedBy(
  domains: readonly HostedDomain[],
  places: string,
  again: { readonly isUncounted: boolean; readonly places: string },
): Listing {
  const same = again.isUncounted && again.places === places;
  return { domains, complete: same, confirmed: same };
}

/** For a list that may not be read in one call. */
interface LongReading {
  /** What an earlier call has read. */
  readonly resumed?: BackwardReading | undefined;
  /** Receives a reading that another call may continue. */
  readonly begun: (reading: BackwardReading) => void;
}

/** Reads the whole list now, after its first page where that has just been read. */
export async function readListing(
  hosting: Pick<Hosting, 'page'>,
  first?: ListingPage,
  long?: LongReading,
): Promise<Listing> {
  if (long?.resumed !== undefined) {
    const { domains, complete, confirmed } = await readBackward(hosting, long.resumed);
    return { domains, complete, confirmed };
  }
  const top = first ?? (await hosting.page(1));
  const backward = backwardFrom(top);
  if (backward !== undefined) {
    long?.begun(backward);
    const { domains, complete, confirmed, isUncounted, places } = await readBackward(hosting, backward);
    const again = isUncounted ? backwardFrom(top) : undefined;
    if (again === undefined) return { domains, complete, confirmed };
    return confirmedBy(domains, places, await readBackward(hosting, again));
  }
  const { reading, isWhole, isUncounted, places } = await readForward(hosting, top);
  const domains = [...reading.rows.values()];
  if (!isUncounted) return { domains, complete: isWhole, confirmed: isWhole && !top.more };
  return confirmedBy(domains, places, await readForward(hosting));
}
