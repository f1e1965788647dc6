import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { faultsSince, sharesOrders } from '../world/incidents/item-faults.ts';
import { protectedSince } from '../world/runcloud/protected-domains.ts';
import { FIRST_APP, NETWORK, PRIMARY, type World } from '../world/world.ts';

const HOUR_MS = 60 * 60_000;
/** A claim is renewed by the first pass after that. */
const RENEWED_AFTER_MS = 12 * HOUR_MS;

/** A claim that was taken before that time, and is not renewed yet, is read by no pass. */
function readsClaim({ claim }: Pick<NetworkItem, 'claim'>, since: number, now: number): boolean {
  return (
    claim === null ||
    claim.appId !== FIRST_APP.appId ||
    claim.renewedAt >= since ||
    claim.renewedAt <= now - RENEWED_AFTER_MS
  );
}

/** Whether all calls to RunCloud may wait for an item that was out of use since then: their slots, or whose the application is. */
export function allCallsWait(world: World, since: number): boolean {
  const network = world.ledger.peek(networkKey(NETWORK)) ?? { claim: null };
  const isClaimRead = readsClaim(network, since, world.scheduler.now());
  return faultsSince(world, isClaimRead ? ['rateLimit', 'claim'] : ['rateLimit'], since).length > 0;
}

/** Whether all certificates may wait for the lease on them. */
export function certificatesWait(world: World, since: number): boolean {
  return faultsSince(world, ['certificateWork'], since).length > 0;
}

/** Whether a removal that is never followed may wait for the notices: nothing else tells people of it. */
export function refusalWaits(world: World, domain: string, since: number): boolean {
  const isRefused = domain === PRIMARY || protectedSince(world, domain) !== undefined;
  const isRemoved = world.ledger.peek(domainKey(NETWORK, domain))?.wanted === 'absent';
  return isRefused && isRemoved && faultsSince(world, ['notices'], since).length > 0;
}

/** A certificate that is valid needs no order. */
function needsOrder(request: Pick<CertificateItem, 'state' | 'reason'> | undefined): boolean {
  return request === undefined || request.state !== 'valid' || request.reason === 'expiring';
}

/**
 * Whether a certificate may wait for the counts of orders that were out of use since then. An order of basic SSL is one of all names
 * of the application, and is counted for each of them.
 */
export function orderWaits(world: World, domain: string, since: number): boolean {
  const { ssl, ledger } = world;
  if (ssl === null || !needsOrder(ledger.peek(certificateKey(NETWORK, domain)))) return false;
  const isTogether = [ssl.plan.mode, ssl.plan.switches?.mode].includes('basic');
  return faultsSince(world, ['appOrders', 'domainOrders'], since).some(
    (fault) => fault.kind === 'appOrders' || isTogether || sharesOrders(fault, domain),
  );
}
