import { recordedVersion, standingOf } from '../ledger/arrival.ts';
import type { Acceptance, CertificateRetry } from '../ledger/desired-state.ts';
import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { withEntry } from '../ledger/items/history.ts';
import { freshCounts, makeDue, makeDueBy } from '../ledger/items/work-item.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { unlessUnreadable } from '../ledger/unreadable.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { freshCertificate } from '../ledger/work/certificate-request.ts';
import { listNetwork } from '../ledger/work/listed-network.ts';
import { withLateAnnouncement } from './late-announcement.ts';
import { applyUpdate } from './record-update.ts';
import { API_MARGIN, type RecordTerms } from './terms.ts';

/** The latest confirmation that the name reaches the multisite. A retry for another reason does not revoke it. */
function dnsReadyAtAfter(
  known: CertificateItem | undefined,
  update: CertificateRetry,
  now: number,
): number | null {
  const before = known?.dnsReadyAt ?? null;
  if (update.reason !== 'dns_ready') return before;
  return Math.max(before ?? 0, Math.min(now, Date.parse(update.version.timestamp)));
}

/**
 * A confirmation that arrives after a newer retry still counts: one run of the multisite may confirm DNS and miss the
 * certificate, and the two events may arrive in either order (docs/external-systems.md, "Ultimate Multisite").
 */
function withDnsConfirmation(
  item: CertificateItem,
  update: CertificateRetry,
  now: number,
): CertificateItem | undefined {
  const dnsReadyAt = dnsReadyAtAfter(item, update, now);
  if (!item.wanted || dnsReadyAt === item.dnsReadyAt) return undefined;
  const noted = { ...item, dnsReadyAt };
  // A check that did not know it has put the certificate off, or is about to.
  const isPutOff = item.state === 'waiting-dns' || item.owner !== null;
  return isPutOff ? { ...noted, ...makeDueBy(item, now) } : noted;
}

function applyRetry(
  item: CertificateItem | undefined,
  update: CertificateRetry,
  { now, baseMs }: RecordTerms,
): ItemUpdate<CertificateItem, Pick<Acceptance, 'status' | 'latest'>> {
  const last = item?.version ?? null;
  const standing = last === null ? 'newer' : standingOf(update.version, last);
  if (item !== undefined && last !== null && standing !== 'newer') {
    if (standing === 'duplicate') return { result: { status: standing, latest: last.timestamp } };
    const noted = withDnsConfirmation(item, update, now);
    return { ...(noted && { write: noted }), result: { status: standing, latest: last.timestamp } };
  }
  const known = item ?? freshCertificate(update.network, update.domain, now);
  // A failed certificate is tried again, and a second failure gets a dead letter of its own.
  const state = known.state === 'none' || known.state === 'failed' ? 'pending' : known.state;
  const write: CertificateItem = {
    ...known,
    ...freshCounts,
    wanted: true,
    version: recordedVersion(update.version, last),
    dnsReadyAt: dnsReadyAtAfter(item, update, now),
    state,
    ...(state === known.state ? {} : { reason: null, fix: null, readySince: null, since: toInstant(now) }),
    askedAt: now,
    history: withEntry(known.history, now, 'accepted', `domain.ssl_retry ${update.reason}`),
    expiresAt: null,
    ...makeDue(known, now, now + API_MARGIN * baseMs),
  };
  return { write, result: { status: 'accepted', latest: update.version.timestamp } };
}

/**
 * A retry adds its domain where the ledger does not know it. A domain that is to be absent supersedes it, but was announced.
 */
function applyRetryToDomain(
  known: DomainItem | undefined,
  update: CertificateRetry,
  at: RecordTerms,
): ItemUpdate<DomainItem, { readonly superseded: Acceptance | undefined; readonly open: boolean }> {
  if (known === undefined) {
    const { write } = applyUpdate(known, { ...update, wanted: 'present' }, at);
    return { ...(write && { write }), result: { superseded: undefined, open: true } };
  }
  if (known.wanted === 'present') return { result: { superseded: undefined, open: known.dueAt !== null } };
  const write = withLateAnnouncement(known, 'domain.ssl_retry', at);
  const open = (write ?? known).dueAt !== null;
  const superseded: Acceptance = { status: 'superseded', latest: known.version.timestamp, open };
  return { ...(write && { write }), result: { superseded, open } };
}

/**
 * Makes a certificate wanted and due now. Whether the domain is wanted does not change: a domain that is to be absent
 * supersedes the retry, and an unknown one counts as added. `open`: whether the domain's own work is open.
 */
export async function recordRetry(
  ledger: Ledger,
  update: CertificateRetry,
  at: RecordTerms & { readonly domainBaseMs: number },
): Promise<Acceptance> {
  const { network, domain } = update;
  const domainAt = { now: at.now, baseMs: at.domainBaseMs };
  const { superseded, open } = await updateItem(ledger, domainKey(network, domain), (item) =>
    applyRetryToDomain(item, update, domainAt),
  );
  if (superseded !== undefined) return superseded;
  // No pass may have come to this network yet. An item that cannot be read is there.
  await unlessUnreadable(() => listNetwork(ledger, network));
  const acceptance = await updateItem(ledger, certificateKey(network, domain), (item) =>
    applyRetry(item, update, at),
  );
  return { ...acceptance, open };
}
