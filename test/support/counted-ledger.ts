import type { Ledger } from '../../lib/sync/ledger/ports.ts';

/** A ledger that counts what is asked of it. */
export function countedLedger(ledger: Ledger) {
  const asked = { items: 0, writes: 0, queries: 0, rows: 0, listed: 0 };
  const counted: Ledger = {
    read: (key) => {
      asked.items += 1;
      return ledger.read(key);
    },
    write: (key, item, writes) => {
      asked.writes += 1;
      return ledger.write(key, item, writes);
    },
    due: async (kind, until, limit) => {
      const rows = await ledger.due(kind, until, limit);
      asked.queries += 1;
      asked.rows += rows.length;
      return rows;
    },
    dueIn: async (kind, network, terms) => {
      const rows = await ledger.dueIn(kind, network, terms);
      asked.queries += 1;
      asked.rows += rows.length;
      return rows;
    },
    page: async (kind, network, cursor, limit) => {
      const page = await ledger.page(kind, network, cursor, limit);
      asked.queries += 1;
      asked.listed += page.items.length;
      return page;
    },
  };
  return { ledger: counted, asked };
}
