import type { CertificateItem } from './certificate-item.ts';
import type { DomainItem } from './domain-item.ts';
import { withEntry } from './history.ts';
import { certificateKey, domainKey } from './keys.ts';
import type { Ledger, Queue } from './ports.ts';
import { toInstant } from './time.ts';
import { type ItemUpdate, updateItem } from './update.ts';
import type { Schedule } from './work-item.ts';
import { freshCounts, makeDue } from './work-item.ts';

function cleared<T extends Pick<Schedule, 'toSend' | 'sendAt' | 'dueAt'>>(
  item: T | undefined,
  sent: ReadonlySet<string>,
): ItemUpdate<T, undefined> {
  if (item === undefined || sent.size === 0) return { result: undefined };
  const toSend = item.toSend.filter(({ id }) => !sent.has(id));
  const { dueAt, sendAt } = item;
  if (toSend.length > 0) return { write: { ...item, toSend }, result: undefined };
  const next = dueAt === null ? null : Math.max(dueAt, sendAt ?? dueAt);
  return { write: { ...item, toSend, sendAt: next }, result: undefined };
}

/** Told of a dead letter that could not be sent: it stays owed, and the sweep comes back to it. */
export type ReportUnsent = (
  deadLetter: { readonly network: string; readonly domain: string; readonly id: string },
  error: unknown,
) => void;

interface DeadLetterServices {
  readonly ledger: Ledger;
  readonly queue: Pick<Queue, 'sendDeadLetter'>;
  readonly reportUnsent: ReportUnsent;
}

/** Sends each dead letter on its own, whatever becomes of the others. The ids of those that were sent. */
async function sendAllOwed(
  item: DomainItem | CertificateItem,
  { queue, reportUnsent }: DeadLetterServices,
): Promise<ReadonlySet<string>> {
  const { network, domain } = item;
  const sent = new Set<string>();
  for (const owed of item.toSend) {
    try {
      await queue.sendDeadLetter({ ...owed, message: { network, domain, deadLetter: owed.revision } });
      sent.add(owed.id);
    } catch (error) {
      reportUnsent({ network, domain, id: owed.id }, error);
    }
  }
  return sent;
}

/**
 * Sends what a failed try owes to the outside, then notes what was sent. A crash between the two sends twice. A dead letter that
 * cannot be sent is no failure of the work around it: it is reported, and stays owed.
 */
export async function sendDeadLetters(item: DomainItem, services: DeadLetterServices): Promise<void> {
  const sent = await sendAllOwed(item, services);
  await updateItem(services.ledger, domainKey(item.network, item.domain), (current) =>
    cleared(current, sent),
  );
}

/** The same for a certificate, whose dead letters go to another queue. */
export async function sendCertificateDeadLetters(
  item: CertificateItem,
  services: DeadLetterServices,
): Promise<void> {
  const sent = await sendAllOwed(item, services);
  await updateItem(services.ledger, certificateKey(item.network, item.domain), (current) =>
    cleared(current, sent),
  );
}

/** A failure that still stands, at the revision a dead letter tells of. */
function stillFailed(
  item: Pick<DomainItem | CertificateItem, 'state' | 'revision'> | undefined,
  deadLetter: number,
): boolean {
  return item?.state === 'failed' && item.revision === deadLetter;
}

/**
 * A dead letter that somebody moved back is one more try of the failure it tells of: it reopens the domain if that
 * very failure still stands. Any other dead letter is an old story and does nothing.
 */
export function redriven(
  item: DomainItem | undefined,
  deadLetter: number,
  at: { readonly now: number; readonly apiMarginMs: number },
): ItemUpdate<DomainItem, boolean> {
  if (item === undefined || item.dueAt !== null || !stillFailed(item, deadLetter)) return { result: false };
  const write: DomainItem = {
    ...item,
    ...freshCounts,
    state: item.wanted === 'present' ? 'pending' : 'removing',
    reason: null,
    since: new Date(at.now).toISOString(),
    history: withEntry(item.history, at.now, 'redriven', 'dead letter redriven'),
    ...makeDue(item, at.now, at.now + at.apiMarginMs),
  };
  return { write, result: true };
}

/** The same for a certificate, which stays scheduled while it is failed. */
export function redrivenCertificate(
  item: CertificateItem | undefined,
  deadLetter: number,
  now: number,
): ItemUpdate<CertificateItem, boolean> {
  if (item === undefined || !stillFailed(item, deadLetter)) return { result: false };
  const write: CertificateItem = {
    ...item,
    ...freshCounts,
    state: 'pending',
    reason: null,
    fix: null,
    readySince: null,
    since: toInstant(now),
    history: withEntry(item.history, now, 'redriven', 'dead letter redriven'),
    ...makeDue(item, now, now),
  };
  return { write, result: true };
}
