import { readPages } from '../../client/reads.ts';
import type { DomainSummary } from '../../client/schemas.ts';
import { type Standing, standingOf } from '../../client/standing.ts';
import type { Io } from '../../io.ts';
import type { Paint } from '../../output/colours.ts';
import { counted } from '../../output/counted.ts';
import { domainTable } from '../../output/domain-table.ts';
import type { When } from '../../output/times.ts';
import type { Relay } from '../../target/relay.ts';

/** How many domains stand where, and those that are not done. Printed as it is by `--json`. */
export interface NetworkOverview {
  readonly network: string;
  readonly counts: Readonly<Record<Standing | 'total' | 'unreadable', number>>;
  readonly domains: readonly DomainSummary[];
}

export async function readOverview(relay: Relay, io: Io): Promise<NetworkOverview> {
  const counts = { total: 0, done: 0, open: 0, 'waiting-dns': 0, failed: 0, unreadable: 0 };
  const unfinished: DomainSummary[] = [];
  for await (const { domains, unreadable } of readPages(relay, io)) {
    counts.total += domains.length + unreadable.length;
    counts.unreadable += unreadable.length;
    for (const domain of domains) {
      const standing = standingOf(domain);
      counts[standing] += 1;
      if (standing !== 'done') unfinished.push(domain);
    }
  }
  return { network: relay.network, counts, domains: unfinished };
}

export function overviewText(
  { network, counts, domains }: NetworkOverview,
  { paint, when, rows }: { readonly paint: Paint; readonly when: When; readonly rows: number },
): string {
  const { total, done, open, failed, unreadable } = counts;
  const parts = [
    paint('green', `${done} done`),
    ...(open > 0 ? [paint('yellow', `${open} in work`)] : []),
    ...(counts['waiting-dns'] > 0 ? [paint('yellow', `${counts['waiting-dns']} waiting for DNS`)] : []),
    ...(failed > 0 ? [paint('red', `${failed} failed`)] : []),
    ...(unreadable > 0 ? [paint('red', `${unreadable} unreadable`)] : []),
  ];
  const head = `${paint('bold', network)}: ${counted(total, 'domain')}, ${parts.join(', ')}`;
  if (domains.length === 0) return head;
  const shown = domains.slice(0, Math.max(1, rows));
  const more = domains.length - shown.length;
  const fixes = shown.flatMap(({ domain, certificate: { fix } }) => {
    if (fix === null) return [];
    return fix.includes(domain) ? [fix] : [`${domain}: ${fix}`];
  });
  return [
    head,
    '',
    domainTable(shown, paint, when),
    ...(more > 0 ? [`… and ${more} more: relay list --state open, waiting-dns or failed`] : []),
    ...(fixes.length > 0 ? ['', ...fixes] : []),
  ].join('\n');
}
