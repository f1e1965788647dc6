import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { freshCounts } from '../../sync/ledger/items/work-item.ts';
import type { CertificateResult } from './result.ts';

/** True if the name passes the gate, and there is something to do or to wait for. */
function isReady({ kind }: CertificateResult): boolean {
  return (
    kind === 'requested' ||
    kind === 'waiting' ||
    kind === 'later' ||
    kind === 'failing' ||
    kind === 'unverified'
  );
}

/** Failures that end with a change of the application, and not with a good order. */
const ENDED_ELSEWHERE: ReadonlySet<string | null> = new Set([
  'name-limit',
  'custom-certificate',
  'name-unsupported',
]);

/**
 * A reported failure is over once the certificate is there, or the relay may order for its name again. A later
 * failure is a new try, with its full time and a dead letter of its own.
 */
function isNewTry(
  { deadLetteredRevision, revision, state, reason }: CertificateItem,
  result: CertificateResult,
): boolean {
  return (
    deadLetteredRevision === revision &&
    (result.kind === 'valid' || (state === 'failed' && ENDED_ELSEWHERE.has(reason) && isReady(result)))
  );
}

/** The item as this result is counted: a new try, and what follows a wait for DNS, start at zero. */
export function countedAnew(item: CertificateItem, result: CertificateResult): CertificateItem {
  if (isNewTry(item, result)) return { ...item, ...freshCounts, revision: item.revision + 1 };
  // The wait for a customer's DNS does not count towards giving up what follows it.
  return item.state === 'waiting-dns' && isReady(result) ? { ...item, ...freshCounts } : item;
}
