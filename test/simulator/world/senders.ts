import { DOMAINS, NATIVE, type PlannedUpdate } from '../chance/planned-updates.ts';
import type { PlannedRetry } from '../chance/ssl-plan.ts';
import { callApi, type Listeners, type SentEvent } from './api-calls.ts';
import { START, type World } from './world.ts';

export function domainOf(update: Pick<PlannedUpdate, 'domain'>): string {
  return DOMAINS[update.domain % DOMAINS.length] ?? DOMAINS[0];
}

/** The id and time of an update, the same in every copy of it. */
export function versionOf(
  update: Pick<PlannedUpdate, 'saidAt'> & Partial<Pick<PlannedUpdate, 'fast'>>,
  index: number,
): { id: string; timestamp: string } {
  return {
    id: `update-${String(index).padStart(2, '0')}`,
    timestamp: new Date(START + (update.saidAt + (update.fast ?? 0)) * 1_000).toISOString(),
  };
}

function sentUpdate(index: number, update: PlannedUpdate): SentEvent {
  return {
    ...versionOf(update, index),
    api: update.wanted === 'present' ? 'domain-added' : 'domain-removed',
    data: {
      domain: domainOf(update),
      siteId: 12,
      domainId: 50 + update.domain,
      www: update.www,
      native: update.domain % DOMAINS.length === NATIVE,
    },
  };
}

/** Delivers one copy of an update to its API handler. */
export function deliver(world: World, index: number, update: PlannedUpdate, listeners: Listeners): void {
  callApi(world, sentUpdate(index, update), listeners, (how) => {
    world.unconfirmed--;
    if (how === 'confirmed') world.announced.add(index);
  });
}

/** Delivers a copy of an update that no sender waits for any more. */
export function deliverLate(world: World, index: number, update: PlannedUpdate, listeners: Listeners): void {
  callApi(world, sentUpdate(index, update), listeners, () => undefined);
}

/** How the ids of all of them begin. */
export const RETRY = 'retry-';

export function retryVersionOf(retry: PlannedRetry, index: number): { id: string; timestamp: string } {
  return {
    ...versionOf(retry, index),
    id: `${RETRY}${String(index).padStart(2, '0')}`,
  };
}

/** Brings one copy of an `ssl_retry`; a domain that was not announced yet is announced by it. */
export function deliverRetry(world: World, index: number, retry: PlannedRetry, listeners: Listeners): void {
  const domain = domainOf(retry);
  const sent: SentEvent = {
    ...retryVersionOf(retry, index),
    api: 'ssl-retry',
    data: { domain, reason: retry.reason },
  };
  callApi(world, sent, listeners, (how) => {
    if (how === 'confirmed') world.retried.add(domain);
  });
}
