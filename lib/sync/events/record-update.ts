import { recordedVersion, standingOf } from '../ledger/arrival.ts';
import type { Acceptance, DomainUpdate } from '../ledger/desired-state.ts';
import type { DomainItem } from '../ledger/domain-item.ts';
import { withEntry } from '../ledger/history.ts';
import { domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';
import { toInstant } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';
import { emptySchedule, freshCounts, makeDue } from '../ledger/work-item.ts';

export interface RecordTerms {
  readonly now: number;
  /** The first delay of the item's kind. */
  readonly baseMs: number;
}

/** First delays that the API function has to send the message itself before the sweep does. */
export const API_MARGIN = 4;

function isOpen(item: { readonly dueAt: number | null }): boolean {
  return item.dueAt !== null;
}

/** The latest update wins: a newer one replaces what is wanted and makes it due, any other changes nothing. */
export function applyUpdate(
  item: DomainItem | undefined,
  update: DomainUpdate,
  { now, baseMs }: RecordTerms,
): ItemUpdate<DomainItem, Acceptance> {
  const standing = item === undefined ? 'newer' : standingOf(update.version, item.version);
  if (item !== undefined && standing !== 'newer')
    return { result: { status: standing, latest: item.version.timestamp, open: isOpen(item) } };
  const state = update.wanted === 'absent' ? 'removing' : item?.state === 'present' ? 'present' : 'pending';
  const write: DomainItem = {
    ...emptySchedule,
    runcloudId: null,
    wwwServed: null,
    wroteAt: null,
    lastError: null,
    // A lease, a lost answer and an owed dead letter outlast what is wanted.
    ...item,
    ...freshCounts,
    network: update.network,
    domain: update.domain,
    wanted: update.wanted,
    version: recordedVersion(update.version, item?.version),
    www: update.www,
    native: update.native,
    siteId: update.siteId ?? item?.siteId ?? null,
    domainId: update.domainId ?? item?.domainId ?? null,
    answered: false,
    state,
    reason: null,
    since: state === item?.state ? item.since : toInstant(now),
    history: withEntry(
      item?.history ?? [],
      now,
      'accepted',
      update.wanted === 'present' ? 'domain.added' : 'domain.removed',
    ),
    expiresAt: null,
    ...makeDue(item ?? emptySchedule, now, now + API_MARGIN * baseMs),
  };
  return { write, result: { status: 'accepted', latest: update.version.timestamp, open: true } };
}

/** Writes what the multisite wants of a domain, if the update is newer than the last one. */
export function recordUpdate(ledger: Ledger, update: DomainUpdate, at: RecordTerms): Promise<Acceptance> {
  return updateItem(ledger, domainKey(update.network, update.domain), (item) =>
    applyUpdate(item, update, at),
  );
}
