import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { claimKey } from '../../../../../lib/sync/ledger/keys.ts';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { nextDaily } from '../../../../../lib/sync/network/daily.ts';
import { runNetworkWork } from '../../../../../lib/sync/network-work/run.ts';
import {
  APP,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  row,
  settledItem,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';

const CLAIMED = NOW - HOUR;

export function due(part: Partial<NetworkItem> = {}): NetworkItem {
  return networkItem({
    claim: { ...APP, renewedAt: CLAIMED, readAt: CLAIMED },
    comparison: { dueAt: NOW, begunAt: null },
    dueAt: NOW,
    sendAt: NOW,
    ...part,
  });
}

export const primary = row({ id: 1, name: 'network.example', type: 'primary' });

export const long = new Date(NOW - HOUR).toISOString();

/** Settled long ago. */
export function settled(part: Partial<DomainItem> = {}) {
  return settledItem({ since: long, ...part });
}

export function name(n: number) {
  return `shop-${String(n).padStart(4, '0')}.example`;
}

export function many(count: number) {
  return Array.from({ length: count }, (_, n) =>
    settled({ domain: name(n), runcloudId: { id: n + 10, ...APP } }),
  );
}

export function rowsOf(items: readonly DomainItem[]): HostedDomain[] {
  return items.map(({ domain, runcloudId }) => row({ id: runcloudId?.id ?? 0, name: domain }));
}

export function tomorrow(now: number) {
  return nextDaily(NETWORK, now);
}

export interface Start extends NonNullable<Parameters<typeof reconcileWorld>[0]> {
  readonly network?: NetworkItem;
  readonly items?: readonly DomainItem[];
}

export async function comparing({ network = due(), items = [], ...options }: Start = {}) {
  const world = reconcileWorld({ rows: [primary], ...options });
  await world.putNetwork(network);
  await world.put(claimKey(APP.serverId, APP.appId), { network: NETWORK, renewedAt: CLAIMED });
  for (const item of items) await world.putDomain(item);
  const compare = (withinMs = 5 * MINUTE) =>
    runNetworkWork(NETWORK, world.time.now() + withinMs, world.services);
  return { ...world, compare };
}
