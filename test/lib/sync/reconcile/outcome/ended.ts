import { type ErrorCode, type FailureKind, RelayError } from '../../../../../lib/errors.ts';
import { ProtectedDomain } from '../../../../../lib/sync/ledger/errors.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { ALL_READERS } from '../../../../../lib/sync/ledger/work/owed-outcome.ts';
import {
  NO_OBSERVATIONS,
  type Observations,
} from '../../../../../lib/sync/reconcile/converge/observations.ts';
import type { DomainPassEnd, ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { settle } from '../../../../../lib/sync/reconcile/outcome/settle.ts';
import {
  APP,
  delays,
  domainItem,
  MINUTE,
  NOW,
  row,
  SECOND,
  written,
} from '../../../../support/sync/items.ts';

class Failure extends RelayError {
  override readonly name = 'Failure';
  override readonly code: ErrorCode = 'runcloud-timeout';
  override readonly failure: FailureKind = 'passing';
}

class Refusal extends RelayError {
  override readonly name = 'Refusal';
  override readonly code: ErrorCode = 'runcloud-refused';
  override readonly failure: FailureKind = 'refused';
}

export const present: ReconcileResult = {
  kind: 'settled',
  target: { state: 'present', reason: null, row: row() },
};
export const absent: ReconcileResult = { kind: 'settled', target: { state: 'absent' } };
export const timeout: ReconcileResult = {
  kind: 'failed',
  error: new Failure('RunCloud did not answer in time'),
};
export const refusal: ReconcileResult = {
  kind: 'failed',
  error: new Refusal('RunCloud refused: the name is taken'),
};
export const never: ReconcileResult = { kind: 'failed', error: new ProtectedDomain('The name is protected') };

export function observations(part: Partial<Observations> = {}): Observations {
  return { ...NO_OBSERVATIONS, ...part };
}

/** A domain under the lease of this pass. */
export function leased(part: Partial<DomainItem> = {}): DomainItem {
  return domainItem({ owner: 'me', leaseUntil: NOW + MINUTE, sendAt: NOW + 2 * MINUTE, ...part });
}

/** A pass of ten seconds that ends now. */
export function input(result: ReconcileResult, part: Partial<DomainPassEnd> = {}): DomainPassEnd {
  return {
    owner: 'me',
    revision: 1,
    beganAt: NOW - 10 * SECOND,
    result,
    observations: NO_OBSERVATIONS,
    unanswered: false,
    place: null,
    writes: { last: null },
    asked: true,
    app: APP,
    readers: ALL_READERS,
    now: NOW,
    delays,
    random: () => 0,
    ...part,
  };
}

/** What it makes of the domain. */
export function ended(
  item: DomainItem,
  result: ReconcileResult,
  part: Partial<DomainPassEnd> = {},
): DomainItem {
  return written(settle(item, input(result, part)));
}
