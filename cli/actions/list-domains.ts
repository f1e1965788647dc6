import { readPages } from '../client/reads.ts';
import type { DomainSummary } from '../client/schemas.ts';
import { type Io, say } from '../io.ts';
import type { ListOptions } from '../options.ts';
import { painter } from '../output/colours.ts';
import { counted } from '../output/counted.ts';
import { domainTable } from '../output/domain-table.ts';
import { printJson } from '../output/json.ts';
import { whenSeen } from '../output/times.ts';
import { findRelay } from '../target/relay.ts';

/** Prints all pages of the list as one. */
export async function listDomains(options: ListOptions, io: Io): Promise<void> {
  const relay = await findRelay(options, ['RELAY_READ_TOKEN'], io);
  const domains: DomainSummary[] = [];
  const unreadable: string[] = [];
  for await (const page of readPages(relay, io, options.state)) {
    domains.push(...page.domains);
    unreadable.push(...page.unreadable);
  }
  if (options.json) {
    printJson(io, { network: relay.network, domains, unreadable });
    return;
  }
  if (domains.length > 0)
    io.stdout.write(`${domainTable(domains, painter(io.stdout, io.env), whenSeen(io))}\n`);
  say(io, `${counted(domains.length, 'domain')} of network ${relay.network}`);
  if (domains.some(({ hosting }) => hosting.reason === 'ledger-restored')) {
    say(
      io,
      `The ledger was restored: bring in the multisite's list with relay sync and --remove-missing, then relay network resume ${relay.network}`,
    );
  }
  if (unreadable.length > 0) say(io, `The ledger's items of these cannot be read: ${unreadable.join(', ')}`);
}
