import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { OwedDeadLetter } from '../../../lib/sync/ledger/items/work-item.ts';
import { DOMAIN, domainItem, MINUTE, NETWORK, NOW } from './items.ts';

/** The dead letter that a failed domain owes. */
export function owedDeadLetter(part: Partial<OwedDeadLetter> = {}): OwedDeadLetter {
  return {
    kind: 'dead-letter',
    id: `${NETWORK}/${DOMAIN}/1/dead-letter`,
    revision: 1,
    code: 'runcloud-refused',
    reason: 'RunCloud refused',
    firstFailureAt: NOW - MINUTE,
    lastFailureAt: NOW,
    ...part,
  };
}

/** A domain that was given up, with its dead letter still to send. */
export function failedDomain(part: Partial<DomainItem> = {}) {
  return domainItem({
    state: 'failed',
    reason: 'runcloud-refused',
    dueAt: null,
    sendAt: NOW,
    toSend: [owedDeadLetter()],
    ...part,
  });
}
