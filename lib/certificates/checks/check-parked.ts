import { unpark, withParkingReason } from '../../sync/ledger/domains/parking.ts';
import { DNS_TIMEOUT_MS } from '../../sync/ledger/domains/www.ts';
import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../sync/ledger/items/domain-item.ts';
import { domainKey } from '../../sync/ledger/keys.ts';
import { updateItem } from '../../sync/ledger/updates/update.ts';
import { isInterruption } from '../interruption.ts';
import type { CertificateResult } from '../outcome/result.ts';
import { isOwn } from '../own-origin.ts';
import type { CertificateServices } from '../services.ts';
import type { CheckTerms, ServerContext } from './check-terms.ts';
import { isDnsReady } from './dns-ready.ts';
import { isLedHere } from './led-here.ts';
import { unsupportedResult } from './unsupported-name.ts';

interface ParkedCheck {
  readonly result: CertificateResult;
  readonly pointsHere: boolean;
}

/** Names are parked for the order of the one certificate of basic mode only, and only while the network's owner wants that. */
async function isParkingOver(
  { session, onInterruption }: CheckTerms,
  unsupported: boolean,
  s: Pick<CertificateServices, 'modes' | 'clock'>,
): Promise<boolean> {
  const { access, certificates } = session;
  if (!access.parkUnreadyNames) return true;
  try {
    const mode = await s.modes.mode(access.app, s.clock.now(), () => certificates.mode());
    if (mode === 'advanced' || mode === 'autossl') return true;
    // No order is made in its place, and only such a certificate can cover the name.
    const installed = unsupported ? await certificates.find(undefined) : undefined;
    return installed !== undefined && isOwn(installed.origin);
  } catch (error) {
    if (!isInterruption(error)) throw error;
    onInterruption(error);
    return false;
  }
}

/**
 * Checks a name that is parked, or is about to be. It goes back into the web application once its DNS passes the gate, or
 * the multisite says that the name reaches it. sync-domain adds the row and makes the request due again.
 */
export async function checkParked(
  item: CertificateItem,
  { network, domain }: DomainItem,
  { serverAddresses, dnsTarget }: ServerContext,
  terms: CheckTerms,
  s: CertificateServices,
): Promise<ParkedCheck> {
  const key = domainKey(network, domain);
  const unsupported = unsupportedResult([domain], null, s);
  if (unsupported !== undefined) {
    if (await isParkingOver(terms, true, s)) await updateItem(s.ledger, key, unpark(s.clock.now()));
    return { result: unsupported, pointsHere: false };
  }
  const dnsReady = isDnsReady(item, s.clock.now());
  const found = await s.dnsGate(domain, { serverAddresses, dnsTarget, dnsReady, timeoutMs: DNS_TIMEOUT_MS });
  const passes = found.kind !== 'not-here';
  if (passes || dnsReady || (await isParkingOver(terms, false, s))) {
    const now = s.clock.now();
    await updateItem(s.ledger, key, unpark(now));
    if (passes) {
      const result = { kind: 'waiting' as const, until: now + s.delays.leftMs, reason: null, fix: null };
      return { result, pointsHere: true };
    }
  } else {
    await updateItem(s.ledger, key, withParkingReason(found.reason));
  }
  const pointsHere = isLedHere(found, serverAddresses);
  return { result: { ...found, kind: 'waiting-dns' }, pointsHere };
}
