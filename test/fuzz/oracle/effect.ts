import type { RecordedVersion } from '../../../lib/sync/ledger/arrival.ts';
import type { Version } from '../../../lib/sync/ledger/desired-state.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';

/** What a call says, if it is let in. */
export interface Confirmation {
  /** Undefined: only the tables of Unicode can tell. */
  readonly name: string | undefined;
  readonly request: 'present' | 'absent' | 'certificate';
  readonly version: Version;
}

/** How many messages are sent, at least and at most. */
type Messages = readonly [least: number, most: number];

/** The effect of an accepted update. */
export interface Effect {
  readonly status: 'accepted' | 'duplicate' | 'superseded';
  /** The time of the update that counts now. */
  readonly latest: string;
  /** The desired state in this update; undefined: the domain's item stays as it is. */
  readonly domain: 'present' | 'absent' | undefined;
  /** Whether this update is about the certificate; if not, its item stays as it is. */
  readonly certificate: boolean;
  /** Whether the network has an item from now on. */
  readonly listsNetwork: boolean;
  readonly domainMessages: Messages;
  readonly certificateMessages: Messages;
}

/** With one timestamp the arrival decides, and the first one of each id alone. */
function standing(said: Version, last: RecordedVersion): Effect['status'] {
  const [saidAt, lastAt] = [Date.parse(said.timestamp), Date.parse(last.timestamp)];
  if (saidAt !== lastAt) return saidAt > lastAt ? 'accepted' : 'superseded';
  if (said.id === last.id) return 'duplicate';
  return new Set(last.earlierIds).has(said.id) ? 'superseded' : 'accepted';
}

/** What the ledger holds of an update once it counts. */
export function recordedAs({ timestamp, id }: Version, last: RecordedVersion | null): RecordedVersion {
  return last === null || Date.parse(last.timestamp) !== Date.parse(timestamp)
    ? { timestamp, id }
    : { timestamp, id, earlierIds: [...(last.earlierIds ?? []), last.id] };
}

function isOpen(item: DomainItem | CertificateItem | undefined) {
  return (item?.dueAt ?? null) !== null;
}

/** Of an update about the domain itself. */
function effectOnDomain(wanted: 'present' | 'absent', version: Version, domain?: DomainItem): Effect {
  const last = domain?.version ?? null;
  const status = last === null ? 'accepted' : standing(version, last);
  const isWatched = last === null || status === 'accepted';
  const mustSend = isWatched || (status === 'duplicate' && isOpen(domain));
  return {
    status,
    latest: isWatched ? version.timestamp : last.timestamp,
    domain: isWatched ? wanted : undefined,
    certificate: false,
    listsNetwork: false,
    domainMessages: [mustSend ? 1 : 0, mustSend || isOpen(domain) ? 1 : 0],
    certificateMessages: [0, 0],
  };
}

function effectOnCertificate(
  version: Version,
  domain: DomainItem | undefined,
  certificate: CertificateItem | undefined,
): Effect {
  const domainMessages: Messages = domain === undefined ? [1, 1] : [0, isOpen(domain) ? 1 : 0];
  if (domain?.wanted === 'absent') {
    const { timestamp: latest } = domain.version;
    const nothing = { domain: undefined, certificate: false, listsNetwork: false, domainMessages } as const;
    return { status: 'superseded', latest, ...nothing, certificateMessages: [0, 0] };
  }
  const last = certificate?.version ?? null;
  const status = last === null ? 'accepted' : standing(version, last);
  const isWatched = last === null || status === 'accepted';
  const mustSend = isWatched || (status === 'duplicate' && isOpen(certificate));
  return {
    status,
    latest: isWatched ? version.timestamp : last.timestamp,
    domain: domain === undefined ? 'present' : undefined,
    certificate: isWatched,
    listsNetwork: true,
    domainMessages,
    // A repeated request may also check a settled item.
    certificateMessages: [mustSend ? 1 : 0, status === 'superseded' ? 0 : 1],
  };
}

/** The effect of an update on these items, by docs/rules.md, "Updates". */
export function effectOf(
  { request, version }: Confirmation,
  before: { readonly domain: DomainItem | undefined; readonly certificate: CertificateItem | undefined },
): Effect {
  return request === 'certificate'
    ? effectOnCertificate(version, before.domain, before.certificate)
    : effectOnDomain(request, version, before.domain);
}
