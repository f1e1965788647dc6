import { isElsewhere } from '../ledger/domains/elsewhere.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { certificateKey } from '../ledger/keys.ts';
import type { Clock, Ledger } from '../ledger/ports.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { requestCertificate, withChangedRow, withMovedDomain } from '../ledger/work/certificate-request.ts';
import { servesWww } from '../network/listing/served-names.ts';
import { recordNotice, recordRecurring } from '../notices/record.ts';
import type { Task } from './converge/before-write.ts';
import { limitNotice } from './outcome/limit-notice.ts';
import type { ReconcileResult } from './outcome/next-state.ts';
import { refusedRemoval } from './outcome/refused-removal.ts';
import { requeueSibling } from './outcome/sibling.ts';
import type { ReconcileFindings } from './run.ts';

interface FollowUpServices {
  readonly ledger: Ledger;
  readonly clock: Pick<Clock, 'now'>;
  /** How long certificate requests gather before a pass. */
  readonly batchMs: number;
}

/** Records the notice that a result calls for, where no later event reports it. A limit is met again by the next pass. */
async function notify(
  { network, domain }: DomainItem,
  result: ReconcileResult,
  ledger: Ledger,
  now: number,
): Promise<void> {
  const limited = result.kind === 'held' ? limitNotice(result.reason) : undefined;
  if (limited !== undefined) await recordRecurring(ledger, network, limited, now);
  if (result.kind === 'settled' && 'refusal' in result.target)
    await recordNotice(ledger, network, refusedRemoval(domain, result.target), now);
}

/**
 * Writes what follows from a result before the result itself: a crash between the two then repeats, and loses nothing. True
 * if a certificate's work is newly due.
 */
export async function writeFollowUps(
  item: DomainItem,
  { result, app, before, observations }: ReconcileFindings,
  writes: Task['writes'],
  { ledger, clock, batchMs }: FollowUpServices,
): Promise<boolean> {
  const now = clock.now();
  const { network, domain } = item;
  await notify(item, result, ledger, now);
  const target = result.kind === 'settled' ? result.target : undefined;
  // Comes first: that a `www.` is no longer served is stored also where the certificate cannot be read. A pass that has only put a row there
  // took nothing from its sibling.
  const { added, announcedAgain, servedWww } = observations;
  const hasServedWww = servedWww || writes.last?.op === 'update';
  const mayHaveChanged = hasServedWww || observations.row !== undefined || item.ambiguousUntil !== null;
  // Where RunCloud is down, each failed pass of a name would otherwise bring one of its sibling.
  if (result.kind === 'settled' || (result.kind === 'failed' && mayHaveChanged)) {
    await requeueSibling(ledger, item, target, {
      now,
      servedWww: hasServedWww,
      seen: added && !announcedAgain ? before?.sibling : undefined,
    });
  }
  const serves = item.wanted === 'present' && target?.state === 'present';
  const { runcloudId } = item;
  const moved = app !== undefined && isElsewhere(item, app);
  // However the pass ends, its end forgets the row at the old application, and no later pass sees the move.
  const withMove = moved && (serves || observations.row !== undefined);
  if (withMove) {
    await updateItem(ledger, certificateKey(network, domain), (request) =>
      withMovedDomain(request, now, now + batchMs),
    );
  }
  // An existing certificate may not cover a `www.` that is served only now, and may have gone with the row that was there before.
  const row = serves ? target.row : (observations.row ?? null);
  const isOtherRow = row?.id !== runcloudId?.id;
  const rowArrived = isOtherRow || (row !== null && servesWww(row) === true && item.wwwServed !== true);
  // A parking that was taken back has waited for DNS.
  const arrived = item.state !== 'present' || rowArrived || item.parking !== null;
  const request = { network, domain, now, arrived, newRow: isOtherRow, batchMs };
  const seen = withMove ? undefined : before?.certificate;
  if (serves) return requestCertificate(ledger, request, seen);
  // The end stores this row too, so to a later pass it is nothing new.
  if (row === null || !rowArrived || withMove) return false;
  return updateItem(ledger, certificateKey(network, domain), (asked) => withChangedRow(asked, request), seen);
}
