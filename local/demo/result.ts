import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../lib/sync/ledger/ports.ts';
import { toSummary } from '../../lib/sync/status/view.ts';
import type { Said } from './call.ts';
import type { Visitors } from './visitor.ts';

export interface ResultRow {
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly runcloud: 'present' | 'absent' | 'not answered';
  readonly hosting: string;
  readonly certificate: string;
  /** What visitors of the domain are shown; undefined where no visitor could look, or none needs to. */
  readonly shown: 'valid' | 'not valid' | undefined;
}

/** The names an application serves; undefined where RunCloud did not say. */
export type Names = (network: string) => Promise<ReadonlySet<string> | undefined>;

function withReason(state: string, reason: string | null | undefined) {
  return reason ? `${state} (${reason})` : state;
}

export interface Sources {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly names: Names;
  readonly visitors: Visitors | undefined;
}

async function seenBy(visitors: Visitors, domain: string) {
  return (await visitors(domain)) ? 'valid' : 'not valid';
}

async function rowOf(
  { network, domain, wanted }: Said,
  { ledger, visitors }: Sources,
  served: ReadonlySet<string> | undefined,
): Promise<ResultRow> {
  const item = (await ledger.read(domainKey(network, domain)))?.item;
  const certificate = (await ledger.read(certificateKey(network, domain)))?.item;
  const shown = item === undefined ? undefined : toSummary(item, certificate);
  return {
    domain,
    wanted,
    runcloud: served === undefined ? 'not answered' : served.has(domain) ? 'present' : 'absent',
    hosting: item === undefined ? 'unknown' : withReason(item.state, item.reason ?? item.lastError?.code),
    shown: wanted === 'present' && visitors ? await seenBy(visitors, domain) : undefined,
    certificate: shown === undefined ? 'none' : withReason(shown.certificate.state, shown.certificate.reason),
  };
}

/** The current state for each of the last updates. */
export async function result(updates: readonly Said[], sources: Sources): Promise<ResultRow[]> {
  const networks = [...new Set(updates.map(({ network }) => network))];
  const served = new Map(
    await Promise.all(networks.map(async (network) => [network, await sources.names(network)] as const)),
  );
  return Promise.all(updates.map((update) => rowOf(update, sources, served.get(update.network))));
}

/** Ledger and visitors have to agree. */
function isSecured({ certificate, shown }: ResultRow): boolean {
  return shown === undefined || (certificate === 'valid' && shown === 'valid');
}

/** Whether RunCloud ended as the events say, certificates included where a visitor could check. */
export function asTold(rows: readonly ResultRow[]): boolean {
  return rows.length > 0 && rows.every((row) => row.wanted === row.runcloud && isSecured(row));
}

/** The rows as text, in columns. */
export function table(rows: readonly ResultRow[]): string {
  const head = [
    'domain',
    'events say',
    'RunCloud has',
    'ledger: hosting',
    'ledger: certificate',
    'visitors are shown',
  ];
  const cells = [
    head,
    ...rows.map((row) => [
      row.domain,
      row.wanted,
      row.runcloud,
      row.hosting,
      row.certificate,
      row.shown ?? '-',
    ]),
  ];
  const widths = head.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells
    .map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd())
    .join('\n');
}
