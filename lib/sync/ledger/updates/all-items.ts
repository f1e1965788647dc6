import type { StoredItems } from '../keys.ts';
import type { Ledger } from '../ports.ts';

const PAGE = 250;

/**
 * A network's items of one kind, by name, read page by page, for there may be many thousands. `leftOut` is called with each
 * name whose item cannot be read.
 */
export async function* allItems<K extends 'domain' | 'certificate'>(
  ledger: Pick<Ledger, 'page'>,
  kind: K,
  network: string,
  leftOut: (domain: string) => void = () => {},
): AsyncGenerator<StoredItems[K]> {
  let cursor: string | undefined;
  do {
    const page = await ledger.page(kind, network, cursor, PAGE);
    yield* page.items;
    for (const { domain } of page.unreadable) leftOut(domain);
    cursor = page.cursor;
  } while (cursor !== undefined);
}
