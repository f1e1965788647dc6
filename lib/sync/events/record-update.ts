import { recordedVersion, standingOf } from '../ledger/arrival.ts';
import type { Acceptance, DomainUpdate } from '../ledger/desired-state.ts';
import { graceUntil } from '../ledger/domains/grace.ts';
import type { DomainItem, Grace } from '../ledger/items/domain-item.ts';
import { withEntry } from '../ledger/items/history.ts';
import { emptyWorkItem, freshCounts, makeDue } from '../ledger/items/work-item.ts';
import { domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import type { HostingState } from '../ledger/states.ts';
import { toInstant } from '../ledger/time.ts';
import { createOrUpdateItem, type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { ALL_READERS, withOutcome } from '../ledger/work/owed-outcome.ts';
import { resumeCertificate } from '../ledger/work/resumed-certificate.ts';
import { graceAfter, takenBack } from './grace.ts';
import { withLateAnnouncement } from './late-announcement.ts';
import { API_MARGIN, type UpdateTerms } from './terms.ts';

/** A message is worth sending: not while a removal may still be taken back. */
function isOpen(item: DomainItem, now: number): boolean {
  return item.dueAt !== null && graceUntil(item, now) === null;
}

/** An item written before announcements were recorded shows one by what it wants. */
function isAnnounced(item: DomainItem | undefined): boolean {
  return item !== undefined && (item.announced || item.wanted === 'present');
}

/** A wanted domain keeps its state until a pass has seen otherwise. */
function stateToReach(item: DomainItem | undefined): HostingState {
  if (item?.state === 'present' || item?.state === 'parked') return item.state;
  const before = item?.grace?.before ?? null;
  if (before === null) return 'pending';
  return before.parking === null ? 'present' : 'parked';
}

/** Of a webhook-id. */
const LONGEST_ID = 256;

/** Settled again as it was before a removal that has done nothing yet. */
function withReturn(
  item: DomainItem,
  { reason, since }: NonNullable<Grace['before']>,
  now: number,
): DomainItem {
  const { network, domain, state, revision, toSend } = item;
  const settled: DomainItem = {
    ...item,
    answered: true,
    reason,
    since,
    // It has been served all the time.
    askedAt: state === 'parked' ? item.askedAt : null,
    history: withEntry(item.history, now, state, reason ?? ''),
    dueAt: null,
    sendAt: toSend.length > 0 ? now : null,
  };
  // No pass follows that would post the outcome.
  const id = `msg_${network}-${revision}-${domain}`.slice(0, LONGEST_ID);
  return withOutcome(settled, settled, { about: 'hosting', id, now, readers: ALL_READERS });
}

/**
 * The latest update wins: a newer one replaces what is wanted and makes it due. Any other changes nothing, except that an
 * addition which comes late shows that the domain was announced.
 */
export function applyUpdate(
  item: DomainItem | undefined,
  update: DomainUpdate,
  at: UpdateTerms,
): ItemUpdate<DomainItem, Acceptance> {
  const { now, baseMs, graceMs = 0 } = at;
  const standing = item === undefined ? 'newer' : standingOf(update.version, item.version);
  if (item !== undefined && standing !== 'newer') {
    const write = update.wanted === 'present' ? withLateAnnouncement(item, 'domain.added', at) : undefined;
    const open = isOpen(write ?? item, now);
    return { ...(write && { write }), result: { status: standing, latest: item.version.timestamp, open } };
  }
  const wanted = update.wanted === 'present';
  // Why a name is parked is not for the multisite to say: an update alone brings none back.
  const parking = wanted ? (item?.parking ?? item?.grace?.before?.parking ?? null) : null;
  const grace = graceAfter(item, update, { now, graceMs });
  const returned = takenBack(item, update);
  const state = wanted ? stateToReach(item) : 'removing';
  const parked = state === 'parked' ? parking : null;
  const dueAt = Math.max(now, grace?.until ?? now);
  const recorded: DomainItem = {
    ...emptyWorkItem,
    runcloudId: null,
    addedId: null,
    wwwServed: null,
    wroteAt: null,
    settledAt: null,
    place: null,
    told: null,
    lastError: null,
    // A lease, a lost answer, a place in line and an owed dead letter outlast what is wanted.
    ...item,
    ...freshCounts,
    network: update.network,
    domain: update.domain,
    wanted: update.wanted,
    version: recordedVersion(update.version, item?.version),
    announced: update.wanted === 'present' || isAnnounced(item),
    www: update.www,
    native: update.native,
    siteId: update.siteId ?? item?.siteId ?? null,
    domainId: update.domainId ?? item?.domainId ?? null,
    answered: false,
    recordedAt: now,
    parking,
    wwwWithheld: wanted ? (item?.wwwWithheld ?? null) : null,
    grace,
    state,
    reason: dueAt > now ? 'grace-period' : (parked?.reason ?? null),
    since: state === item?.state ? item.since : toInstant(now),
    askedAt: wanted ? now : null,
    history: withEntry(
      item?.history ?? [],
      now,
      'accepted',
      update.wanted === 'present' ? 'domain.added' : 'domain.removed',
    ),
    expiresAt: null,
    ...makeDue(item ?? emptyWorkItem, dueAt, dueAt > now ? dueAt : now + API_MARGIN * baseMs),
  };
  const write = returned === undefined ? recorded : withReturn(recorded, returned, now);
  const result: Acceptance = {
    status: 'accepted',
    latest: update.version.timestamp,
    open: isOpen(write, now),
  };
  return { write, result };
}

/** Writes what the multisite wants of a domain, if the update is newer than the last one. */
export async function recordUpdate(
  ledger: Ledger,
  update: DomainUpdate,
  at: UpdateTerms,
): Promise<Acceptance> {
  const { network, domain, wanted } = update;
  const rule = (item: DomainItem | undefined) => applyUpdate(item, update, at);
  const key = domainKey(network, domain);
  if (wanted === 'absent') return updateItem(ledger, key, rule);
  // An addition is mostly a new domain's.
  const acceptance = await createOrUpdateItem(ledger, key, rule);
  // No pass follows. Where its first delivery ended here, the addition comes again, perhaps after a newer one.
  if (!acceptance.open) await resumeCertificate(ledger, network, domain, at.now);
  return acceptance;
}
