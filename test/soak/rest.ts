import { setTimeout as wait } from 'node:timers/promises';
import type { DomainItem } from '../../lib/sync/ledger/items/domain-item.ts';
import { allItems } from '../../lib/sync/ledger/updates/all-items.ts';
import type { Stack } from '../../local/stack.ts';

/** Every domain of a network in the ledger. */
export async function domainsOf({ ledger }: Pick<Stack, 'ledger'>, network: string): Promise<DomainItem[]> {
  const all: DomainItem[] = [];
  for await (const item of allItems(ledger, 'domain', network)) all.push(item);
  return all;
}

function isOpen({ dueAt, owner, toSend }: DomainItem) {
  return dueAt !== null || owner !== null || toSend.length > 0;
}

interface Patience {
  readonly patienceMs: number;
  readonly onWait: (open: number) => void;
}

/** Waits until nothing is left to do; the names with work left when patience ends. */
export async function untilRest(
  stack: Pick<Stack, 'ledger'>,
  networks: readonly string[],
  { patienceMs, onWait }: Patience,
): Promise<string[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const begunAt = Date.now();
    const items = await Promise.all(networks.map((network) => domainsOf(stack, network)));
    const open = items.flat().filter(isOpen);
    if (open.length === 0 || Date.now() > deadline) {
      return open.map(({ network, domain, state }) => `${network} ${domain} (${state})`);
    }
    onWait(open.length);
    // Reading a long ledger must not be what the ledger is busy with.
    await wait(Math.max(500, 4 * (Date.now() - begunAt)));
  }
}

const DAY_MS = 24 * 60 * 60_000;

/** Waits, but not for ever, until at most this many domains have work left in the index of open work. */
export async function untilFewOpen({ ledger }: Pick<Stack, 'ledger'>, most: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  const isFew = async () => (await ledger.due('domain', Date.now() + DAY_MS, most + 1)).length <= most;
  while (!(await isFew()) && Date.now() < deadline) await wait(250);
}
