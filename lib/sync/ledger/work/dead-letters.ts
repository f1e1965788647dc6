import type { CertificateItem } from '../items/certificate-item.ts';
import type { DomainItem } from '../items/domain-item.ts';
import { withEntry } from '../items/history.ts';
import type { LastError } from '../items/status.ts';
import type { OwedDeadLetter, OwedOutcome, WorkItem } from '../items/work-item.ts';
import { freshCounts, makeDue } from '../items/work-item.ts';
import type { DomainKind } from '../keys.ts';
import { toInstant } from '../time.ts';
import type { ItemUpdate } from '../updates/update.ts';

/** Those that were sent are no longer owed. `left`: what is still to be sent of others, by their ids. */
export function withoutOwed<T extends Pick<WorkItem, 'toSend' | 'sendAt' | 'dueAt'>>(
  item: T | undefined,
  sent: ReadonlySet<string>,
  left: ReadonlyMap<string, OwedOutcome> = new Map(),
): ItemUpdate<T, undefined> {
  if (item === undefined || sent.size + left.size === 0) return { result: undefined };
  const toSend = item.toSend.filter(({ id }) => !sent.has(id)).map((owed) => left.get(owed.id) ?? owed);
  const { dueAt, sendAt } = item;
  if (toSend.length > 0) return { write: { ...item, toSend }, result: undefined };
  const next = dueAt === null ? null : Math.max(dueAt, sendAt ?? dueAt);
  return { write: { ...item, toSend, sendAt: next }, result: undefined };
}

/** The failure of an item's work, as its dead letter. Two tries never share an id, two copies of one try always do. */
export function owedDeadLetter(
  kind: DomainKind,
  item: Pick<DomainItem | CertificateItem, 'network' | 'domain' | 'revision' | 'firstFailureAt'>,
  { code, message }: Pick<LastError, 'code' | 'message'>,
  now: number,
): OwedDeadLetter {
  const { network, domain, revision } = item;
  return {
    kind: 'dead-letter',
    id: `${network}/${domain}/${kind === 'domain' ? '' : `${kind}/`}${revision}/dead-letter`,
    revision,
    code,
    reason: message,
    firstFailureAt: item.firstFailureAt ?? now,
    lastFailureAt: now,
  };
}

/** The item still stands at the failure that the dead letter reports. */
function stillFailed(
  item: Pick<DomainItem | CertificateItem, 'state' | 'revision'>,
  deadLetter: number,
): boolean {
  return item.state === 'failed' && item.revision === deadLetter;
}

function redrivenFields(
  item: Pick<DomainItem | CertificateItem, 'revision' | 'history'>,
  now: number,
  sendAt: number,
) {
  return {
    ...freshCounts,
    reason: null,
    since: toInstant(now),
    history: withEntry(item.history, now, 'redriven', 'dead letter redriven'),
    ...makeDue(item, now, sendAt),
  };
}

/**
 * A dead letter that was moved back to the queue is one more try of the failure it reports: it reopens the domain if that
 * very failure still stands. Any other is out of date and changes nothing.
 */
export function redriven(
  item: DomainItem | undefined,
  deadLetter: number,
  at: { readonly now: number; readonly apiMarginMs: number },
): ItemUpdate<DomainItem, boolean> {
  if (item === undefined || item.dueAt !== null || !stillFailed(item, deadLetter)) return { result: false };
  const state = item.wanted === 'present' ? 'pending' : 'removing';
  return {
    write: { ...item, ...redrivenFields(item, at.now, at.now + at.apiMarginMs), state },
    result: true,
  };
}

/** The same for a certificate, which stays scheduled while it is failed. */
export function redrivenCertificate(
  item: CertificateItem | undefined,
  deadLetter: number,
  now: number,
): ItemUpdate<CertificateItem, boolean> {
  if (item === undefined || !stillFailed(item, deadLetter)) return { result: false };
  const reopened = { state: 'pending', fix: null, readySince: null } as const;
  return { write: { ...item, ...redrivenFields(item, now, now), ...reopened }, result: true };
}
