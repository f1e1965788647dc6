import type { Ledger } from '../../../lib/sync/ledger/ports.ts';

/** One read unit of DynamoDB is a consistent read of 4 KB of one item, or of a query. */
const READ_UNIT_BYTES = 4_096;

function unitsOf(read: unknown): number {
  return Math.max(1, Math.ceil(JSON.stringify(read ?? null).length / READ_UNIT_BYTES));
}

/** A ledger that counts what is asked of it. */
export function countedLedger(ledger: Ledger) {
  const asked = { items: 0, writes: 0, queries: 0, rows: 0, listed: 0, units: 0 };
  const counting = async <T>(query: Promise<T[]>, rowOf: (found: T) => unknown = (row) => row) => {
    const rows = await query;
    asked.queries += 1;
    asked.rows += rows.length;
    // Eventually consistent, so half the price.
    asked.units += unitsOf(rows.map(rowOf)) / 2;
    return rows;
  };
  const counted: Ledger = {
    read: async (key) => {
      const stored = await ledger.read(key);
      asked.items += 1;
      asked.units += unitsOf(stored);
      return stored;
    },
    readAll: async (keys) => {
      const read = await ledger.readAll(keys);
      asked.items += keys.length;
      for (const key of keys) asked.units += unitsOf(read.of(key));
      return read;
    },
    write: (key, item, writes) => {
      asked.writes += 1;
      return ledger.write(key, item, writes);
    },
    create: (key, item) => {
      asked.writes += 1;
      return ledger.create(key, item);
    },
    due: (kind, until, limit) => counting(ledger.due(kind, until, limit)),
    dueCertificates: (network, terms) => counting(ledger.dueCertificates(network, terms)),
    dueOldCertificates: (until, limit) => counting(ledger.dueOldCertificates(until, limit)),
    networks: () => {
      // A query is billed by whole rows of its index.
      const row = { item: 'network', work: 'network', sendAt: 0, dueAt: 0 };
      return counting(ledger.networks(), (network) => ({ ...row, network }));
    },
    page: async (kind, network, cursor, limit) => {
      const page = await ledger.page(kind, network, cursor, limit);
      asked.queries += 1;
      asked.listed += page.items.length;
      asked.units += unitsOf(page.items);
      return page;
    },
  };
  return { ledger: counted, asked };
}
