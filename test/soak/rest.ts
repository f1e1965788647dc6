import { setTimeout as wait } from 'node:timers/promises';
import { allItems } from '../../lib/sync/all-items.ts';
import type { DomainItem } from '../../lib/sync/items.ts';
import type { Stack } from '../../local/stack.ts';

/** Every domain of a network in the ledger. */
export const domainsOf = async (
  { ledger }: Pick<Stack, 'ledger'>,
  network: string,
): Promise<DomainItem[]> => {
  const all: DomainItem[] = [];
  for await (const item of allItems(ledger, 'domain', network)) all.push(item);
  return all;
};

const isOpen = ({ dueAt, owner, toSend }: DomainItem) =>
  dueAt !== null || owner !== null || toSend.length > 0;

/** Waits until nothing is left to do; the names with work left when patience ends. */
export const untilRest = async (
  stack: Pick<Stack, 'ledger'>,
  networks: readonly string[],
  { patienceMs, onWait }: { readonly patienceMs: number; readonly onWait: (open: number) => void },
): Promise<string[]> => {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const items = await Promise.all(networks.map((network) => domainsOf(stack, network)));
    const open = items.flat().filter(isOpen);
    if (open.length === 0 || Date.now() > deadline) {
      return open.map(({ network, domain, state }) => `${network} ${domain} (${state})`);
    }
    onWait(open.length);
    await wait(500);
  }
};
