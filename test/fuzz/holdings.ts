import type { CertificateItem } from '../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey, domainKey, type Kind, type StoredItems } from '../../lib/sync/ledger/keys.ts';
import type { DelayedMessage } from '../../lib/sync/ledger/ports.ts';
import { type MemoryLedger, memoryLedger } from '../doubles/ledger.ts';
import type { MemoryQueue } from '../doubles/queue.ts';
import { certificateItem, domainItem, settledItem } from '../support/sync/items.ts';
import { now } from './networks.ts';

/** All that a call may change. */
export interface Holdings {
  readonly ledger: { readonly [K in Kind]: readonly StoredItems[K][] };
  readonly domainMessages: readonly DelayedMessage[];
  readonly certificateMessages: readonly DelayedMessage[];
}

export function holdingsOf(
  ledger: MemoryLedger,
  queue: MemoryQueue,
  certificateQueue: MemoryQueue,
): Holdings {
  return {
    ledger: {
      domain: ledger.all('domain'),
      certificate: ledger.all('certificate'),
      network: ledger.all('network'),
      certificateWork: ledger.all('certificateWork'),
      comparison: ledger.all('comparison'),
      listing: ledger.all('listing'),
      domainOrders: ledger.all('domainOrders'),
      appOrders: ledger.all('appOrders'),
      claim: ledger.all('claim'),
      rateLimit: ledger.all('rateLimit'),
      outcome: ledger.all('outcome'),
      notices: ledger.all('notices'),
      sweep: ledger.all('sweep'),
      identity: ledger.all('identity'),
    },
    domainMessages: [...queue.sent],
    certificateMessages: [...certificateQueue.sent],
  };
}

/** Of a time and an id that calls often come with: some updates are the same, some are older and some newer. */
const version = { timestamp: '2026-11-21T05:00:00.000Z', id: 'msg_1', earlierIds: ['a', 'A.b-c_9'] };

const domains: readonly DomainItem[] = [
  settledItem({ network: 'demo', domain: 'shop.acme-bikes.com', version }),
  domainItem({ network: 'demo', domain: 'xn--bcher-kva.de', version }),
  settledItem({ network: 'demo', domain: 'www.acme-bikes.com', version: { ...version, id: 'wu-58' } }),
  settledItem({ network: 'demo', domain: '1and1.com', version, wanted: 'absent', state: 'absent' }),
  settledItem({ network: 'other', domain: 'other.acme-boats.com' }),
];

const certificates: readonly CertificateItem[] = [
  certificateItem({ network: 'demo', domain: 'shop.acme-bikes.com', version, state: 'valid' }),
  // No update of its own has requested it.
  certificateItem({ network: 'demo', domain: 'xn--bcher-kva.de', dueAt: now, sendAt: now }),
  certificateItem({ network: 'demo', domain: 'www.acme-bikes.com', version, dueAt: now, sendAt: now }),
];

/** A ledger as every call finds it. */
export function seededLedger(): MemoryLedger {
  const ledger = memoryLedger();
  for (const item of domains) ledger.put(domainKey(item.network, item.domain), item);
  for (const item of certificates) ledger.put(certificateKey(item.network, item.domain), item);
  return ledger;
}

export const knownNames = domains.map(({ domain }) => domain);

export function isKnown(network: string, domain: string): boolean {
  return domains.some((item) => item.network === network && item.domain === domain);
}
