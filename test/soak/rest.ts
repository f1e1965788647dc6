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

interface Patience {
  readonly patienceMs: number;
  readonly onWait?: (open: number) => void;
}

/** Waits until no more than so many domains have work left; those that have when patience ends. */
export const untilFewOpen = async (
  stack: Pick<Stack, 'ledger'>,
  networks: readonly string[],
  most: number,
  { patienceMs, onWait }: Patience,
): Promise<DomainItem[]> => {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const begunAt = Date.now();
    const items = await Promise.all(networks.map((network) => domainsOf(stack, network)));
    const open = items.flat().filter(isOpen);
    if (open.length <= most || Date.now() > deadline) return open;
    onWait?.(open.length);
    // Reading a long ledger must not be what the ledger is busy with.
    await wait(Math.max(500, 4 * (Date.now() - begunAt)));
  }
};
