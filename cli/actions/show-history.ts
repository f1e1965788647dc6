import { readStatus } from '../client/reads.ts';
import { checkedDomain } from '../domain-name.ts';
import type { Io } from '../io.ts';
import type { GlobalOptions } from '../options.ts';
import { printJson } from '../output/json.ts';
import { table } from '../output/table.ts';
import { toSecond } from '../output/times.ts';
import { findRelay } from '../target/relay.ts';

/** Prints what happened to a domain, the oldest first. */
export async function showHistory(rawDomain: string, options: GlobalOptions, io: Io): Promise<void> {
  const domain = checkedDomain(rawDomain, 'The domain');
  const relay = await findRelay(options, ['RELAY_READ_TOKEN'], io);
  const { parsed } = await readStatus(relay, domain, io);
  if (options.json) {
    printJson(io, { network: parsed.network, domain: parsed.domain, history: parsed.history });
    return;
  }
  const rows = parsed.history.map(({ at, what, detail }) => [toSecond(at), what, detail]);
  io.stdout.write(`${table(['AT', 'WHAT', 'DETAIL'], rows)}\n`);
}
