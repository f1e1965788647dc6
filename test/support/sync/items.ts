import { domainDelays } from '../../../lib/sync/ledger/delays.ts';
import type { DomainUpdate } from '../../../lib/sync/ledger/desired-state.ts';
import type { CertificateItem, CertificateOrder } from '../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { NetworkItem } from '../../../lib/sync/ledger/items/network-item.ts';
import { freshNetwork } from '../../../lib/sync/ledger/items/network-item.ts';
import type { OwedDeadLetter } from '../../../lib/sync/ledger/items/work-item.ts';
import { emptyWorkItem } from '../../../lib/sync/ledger/items/work-item.ts';
import type { HostedDomain } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { freshCertificate } from '../../../lib/sync/ledger/work/certificate-request.ts';

export const NETWORK = 'demo';
export const DOMAIN = 'shop.acme-bikes.com';
export const NOW = Date.parse('2026-11-21T05:00:30.250Z');
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const BASE_MS = 30 * SECOND;
export const delays = domainDelays(BASE_MS);
export const APP = { serverId: '42', appId: '7' };
export const OTHER_APP = { serverId: '42', appId: '8' };

/** A domain that is wanted, due now and never checked. */
export function domainItem(part: Partial<DomainItem> = {}): DomainItem {
  return {
    ...emptyWorkItem,
    revision: 1,
    dueAt: NOW,
    sendAt: NOW,
    network: NETWORK,
    domain: DOMAIN,
    wanted: 'present',
    version: { timestamp: '2026-11-21T05:00:00.123Z', id: 'msg_1' },
    announced: true,
    www: false,
    native: false,
    siteId: null,
    domainId: null,
    runcloudId: null,
    addedId: null,
    parking: null,
    wwwServed: null,
    wwwWithheld: null,
    grace: null,
    place: null,
    answered: false,
    recordedAt: null,
    wroteAt: null,
    settledAt: null,
    askedAt: null,
    state: part.wanted === 'absent' ? 'removing' : 'pending',
    reason: null,
    since: '2026-11-21T05:00:00.200Z',
    told: null,
    lastError: null,
    history: [],
    expiresAt: null,
    ...part,
  };
}

/** A domain that RunCloud was seen to serve, with nothing left to do. */
export function settledItem(part: Partial<DomainItem> = {}): DomainItem {
  return domainItem({
    dueAt: null,
    sendAt: null,
    state: 'present',
    answered: true,
    runcloudId: { id: 5, ...APP },
    wwwServed: false,
    ...part,
  });
}

export function networkItem(part: Partial<NetworkItem> = {}): NetworkItem {
  return {
    ...freshNetwork(NETWORK),
    ...part,
  };
}

/** A request that is due now and never checked. */
export function certificateItem(part: Partial<CertificateItem> = {}): CertificateItem {
  return {
    ...freshCertificate(NETWORK, DOMAIN, NOW),
    wanted: true,
    state: 'pending',
    since: '2026-11-21T05:00:00.200Z',
    ...part,
  };
}

/** An order that RunCloud took. */
export function order(at: number, part: Partial<CertificateOrder> = {}): CertificateOrder {
  return {
    at,
    set: 'a',
    how: 'install',
    failed: false,
    refused: false,
    error: null,
    includedUnready: [],
    ...part,
  };
}

/** A dead letter about a refusal. */
export const owedDeadLetter: OwedDeadLetter = {
  kind: 'dead-letter',
  id: 'dead-letter-1',
  revision: 1,
  code: 'runcloud-refused',
  reason: 'RunCloud refused',
  firstFailureAt: NOW,
  lastFailureAt: NOW,
};

export function update(part: Partial<DomainUpdate> = {}): DomainUpdate {
  return {
    network: NETWORK,
    domain: DOMAIN,
    wanted: 'present',
    version: { timestamp: '2026-11-21T05:00:30.000Z', id: 'msg_2' },
    www: false,
    native: false,
    siteId: 12,
    domainId: 57,
    ...part,
  };
}

/** A row of RunCloud: an alias without `www`, unless a test says otherwise. */
export function row(part: Partial<HostedDomain> = {}): HostedDomain {
  return {
    id: 5,
    name: DOMAIN,
    type: 'alias',
    www: false,
    wildcard: false,
    ...part,
  };
}

/** What a rule writes; fails if it writes nothing. */
export function written<T>(updateItem: { readonly write?: T }): T {
  if (updateItem.write === undefined) throw new Error('The rule wrote nothing');
  return updateItem.write;
}
