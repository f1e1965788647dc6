import { type ErrorCode, type FailureKind, RelayError } from '../../../../../lib/errors.ts';
import type { DomainItem } from '../../../../../lib/sync/ledger/items/domain-item.ts';
import { ALL_READERS } from '../../../../../lib/sync/ledger/work/owed-outcome.ts';
import { NO_OBSERVATIONS } from '../../../../../lib/sync/reconcile/converge/observations.ts';
import type { DomainPassEnd, ReconcileResult } from '../../../../../lib/sync/reconcile/outcome/next-state.ts';
import { settle } from '../../../../../lib/sync/reconcile/outcome/settle.ts';
import { APP, delays, domainItem, MINUTE, NOW, SECOND, written } from '../../../../support/sync/items.ts';

class Failure extends RelayError {
  override readonly name = 'Failure';
  override readonly code: ErrorCode = 'runcloud-timeout';
  override readonly failure: FailureKind = 'passing';
}

export const timeout: ReconcileResult = {
  kind: 'failed',
  error: new Failure('RunCloud did not answer in time'),
};

/** A domain under the lease of this pass. */
export function leased(part: Partial<DomainItem> = {}): DomainItem {
  return domainItem({ owner: 'me', leaseUntil: NOW + MINUTE, sendAt: NOW + 2 * MINUTE, ...part });
}

/** What a pass of ten seconds that ends now with this result makes of it. */
export function ended(
  item: DomainItem,
  result: ReconcileResult,
  part: Partial<DomainPassEnd> = {},
): DomainItem {
  return written(
    settle(item, {
      owner: 'me',
      revision: 1,
      beganAt: NOW - 10 * SECOND,
      result,
      observations: NO_OBSERVATIONS,
      unanswered: false,
      place: null,
      writes: { last: null },
      app: APP,
      readers: ALL_READERS,
      now: NOW,
      delays,
      random: () => 0,
      ...part,
    }),
  );
}
