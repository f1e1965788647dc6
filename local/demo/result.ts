import { certificateKey, domainKey } from '../../lib/sync/items.ts';
import type { Ledger } from '../../lib/sync/ports.ts';
import { toSummary } from '../../lib/sync/view.ts';
import type { Said } from './call.ts';

export interface ResultRow {
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly runcloud: 'present' | 'absent' | 'not answered';
  readonly hosting: string;
  readonly certificate: string;
}

/** The names an application serves; undefined where RunCloud did not tell. */
export type Names = (network: string) => Promise<ReadonlySet<string> | undefined>;

const withReason = (state: string, reason: string | null | undefined) =>
  reason ? `${state} (${reason})` : state;

const rowOf = async (
  { network, domain, wanted }: Said,
  ledger: Pick<Ledger, 'read'>,
  served: ReadonlySet<string> | undefined,
): Promise<ResultRow> => {
  const item = (await ledger.read(domainKey(network, domain)))?.item;
  const certificate = (await ledger.read(certificateKey(network, domain)))?.item;
  const shown = item === undefined ? undefined : toSummary(item, certificate);
  return {
    domain,
    wanted,
    runcloud: served === undefined ? 'not answered' : served.has(domain) ? 'present' : 'absent',
    hosting: item === undefined ? 'unknown' : withReason(item.state, item.reason ?? item.lastError?.code),
    certificate: shown === undefined ? 'none' : withReason(shown.certificate.state, shown.certificate.reason),
  };
};

/** How things stand for each of the last words. */
export const result = async (
  words: readonly Said[],
  ledger: Pick<Ledger, 'read'>,
  names: Names,
): Promise<ResultRow[]> => {
  const networks = [...new Set(words.map(({ network }) => network))];
  const served = new Map(
    await Promise.all(networks.map(async (network) => [network, await names(network)] as const)),
  );
  return Promise.all(words.map((word) => rowOf(word, ledger, served.get(word.network))));
};

/** Whether RunCloud ended as the events say. */
export const asTold = (rows: readonly ResultRow[]): boolean =>
  rows.length > 0 && rows.every(({ wanted, runcloud }) => wanted === runcloud);

/** The rows as text, in columns. */
export const table = (rows: readonly ResultRow[]): string => {
  const head = ['domain', 'events say', 'RunCloud has', 'ledger: hosting', 'ledger: certificate'];
  const cells = [
    head,
    ...rows.map((row) => [row.domain, row.wanted, row.runcloud, row.hosting, row.certificate]),
  ];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
};
