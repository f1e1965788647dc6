import { inBatches } from '../../sync/ledger/in-batches.ts';
import { certificateKey, domainKey } from '../../sync/ledger/keys.ts';
import type { Ledger } from '../../sync/ledger/ports.ts';
import { ifUsable } from '../../sync/ledger/unreadable.ts';
import type { AppOrders } from './app-orders.ts';
import { withSuspects } from './application.ts';

const READS_AT_ONCE = 10;
/** Enough for a person to check, few enough for a sentence. */
const MOST_NAMED = 3;

interface NameRecord {
  readonly name: string;
  /** RFC 3339: since when it is served; null: the multisite never announced it, as the network's own names. */
  readonly servedSince: string | null;
  readonly covered: boolean;
}

async function recordOf(name: string, network: string, ledger: Ledger): Promise<NameRecord> {
  const found = await ifUsable(async () => {
    const request = (await ledger.read(certificateKey(network, name)))?.item;
    const domain = (await ledger.read(domainKey(network, name)))?.item;
    // A failed or expired certificate was issued for the name once. A proxy's own says nothing about the authority.
    const covered = (request?.notAfter ?? null) !== null && request?.via !== 'edge';
    return { servedSince: domain?.since ?? null, covered };
  });
  return { name, ...(found ?? { servedSince: null, covered: false }) };
}

/**
 * The names most likely at fault for an order that failed though DNS shows no reason: those that no certificate has covered
 * before, the newest first. An order that covers names of old fails for a new one.
 */
async function likelyAtFault(
  names: readonly string[],
  network: string,
  ledger: Ledger,
): Promise<readonly string[]> {
  const records = await inBatches(names, READS_AT_ONCE, (name) => recordOf(name, network, ledger));
  return records
    .flatMap(({ name, servedSince, covered }) =>
      covered || servedSince === null ? [] : [{ name, servedSince }],
    )
    .toSorted((a, b) => (a.servedSince < b.servedSince ? 1 : a.servedSince > b.servedSince ? -1 : 0))
    .slice(0, MOST_NAMED)
    .map(({ name }) => name);
}

/** Finds the names most likely at fault for an order of the whole application, and keeps them for later checks. */
export async function noteSuspects(
  names: readonly string[],
  network: string,
  { ledger, orders }: { readonly ledger: Ledger; readonly orders: Pick<AppOrders, 'update'> },
): Promise<readonly string[]> {
  const suspects = await likelyAtFault(names, network, ledger);
  await orders.update(withSuspects(suspects));
  return suspects;
}

function reachable(name: string): string {
  return `that the certificate authority reaches this server at http://${name}/.well-known/acme-challenge/ from anywhere, past every firewall and redirect`;
}

/**
 * For the reader: what to do about an order for `name` that failed although DNS is right. `suspects`: of an order for the whole
 * application.
 */
export function failedOrderFix(name: string, suspects: readonly string[] = []): string {
  const [newest, ...others] = suspects;
  if (newest === undefined) {
    return `DNS shows no reason: look at the SSL page in RunCloud’s panel, and check ${reachable(name)}`;
  }
  const also = others.length === 0 ? '' : `, then ${others.join(' and ')}`;
  return `DNS shows no reason. Most likely at fault are the names that were added last and never had a certificate: first ${newest}${also}. Check ${reachable(newest)}. Remove a name that fails this from the web application, or switch that to advanced SSL, where every domain has a certificate of its own`;
}
