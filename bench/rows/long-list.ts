import { NotBefore } from '../../lib/sync/ledger/errors.ts';
import type { KeptListing } from '../../lib/sync/network/listing/kept-listings.ts';
import { listWorld } from '../../test/support/sync/list-world.ts';
import type { Measure } from '../row.ts';

const PAGES = 550;
const PAGE_ROWS = 40;
const ROWS = PAGES * PAGE_ROWS;
/** The next call of the worker reads on where this one ends. */
const MOST_CALLS = 5;

/** RunCloud's list of an application with more rows than one call of a worker can read. */
export const measure: Measure = async () => {
  const world = listWorld({ pages: PAGES, rowsPerPage: PAGE_ROWS });
  let listing: KeptListing | undefined;
  for (let call = 0; listing === undefined && call < MOST_CALLS; call += 1) {
    listing = await world
      .lister(`worker-${call}`)()
      .catch((error: unknown) => {
        if (error instanceof NotBefore) return undefined;
        throw error;
      });
  }
  const read = listing?.complete === true ? listing.domains.length : 0;
  return [
    {
      measure: 'rows of a list of 22,000 that five calls of a worker leave unread',
      value: ROWS - read,
      goal: 0,
      unit: 'count',
    },
    {
      measure: 'calls to RunCloud for such a list, a page',
      value: world.asked() / PAGES,
      goal: 1.01,
      unit: 'count',
    },
  ];
};
