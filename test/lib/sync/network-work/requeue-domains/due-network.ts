import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../../../lib/sync/ledger/items/network-item.ts';
import { runNetworkWork } from '../../../../../lib/sync/network-work/run.ts';
import {
  APP,
  delays,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';

const claim = { ...APP, renewedAt: NOW, readAt: NOW };

export function due(part: Partial<NetworkItem>): NetworkItem {
  return networkItem({ revision: 1, dueAt: NOW, sendAt: NOW, claim, ...part });
}

export const resumed = due({ requeue: { reason: 'resumed', cursor: null } });

export const jitteredAt = NOW + 0.5 * delays.apiMarginMs;

export function paused(part: Partial<DomainItem> = {}) {
  return domainItem({ state: 'paused', reason: 'runcloud-unauthorized', dueAt: NOW + 20 * MINUTE, ...part });
}

export async function requeueWorld(network: NetworkItem | undefined, ...items: DomainItem[]) {
  const world = reconcileWorld();
  if (network !== undefined) await world.putNetwork(network);
  for (const item of items) await world.putDomain(item);
  const requeue = (withinMs = 5 * MINUTE) =>
    runNetworkWork(NETWORK, world.time.now() + withinMs, world.services);
  return { ...world, requeue };
}
