import type { DomainItem } from '../ledger/items/domain-item.ts';
import { withEntry } from '../ledger/items/history.ts';
import { freshCounts, makeDue } from '../ledger/items/work-item.ts';
import { toInstant } from '../ledger/time.ts';
import { API_MARGIN, type RecordTerms } from './terms.ts';

/**
 * A domain that is to go, once an event has said, though late, that it was wanted: its row may now be deleted. A removal that
 * had failed for want of this is due again, and one under way ends in another pass, because it began without knowing it.
 * Undefined: nothing has changed.
 */
export function withLateAnnouncement(
  item: DomainItem,
  event: 'domain.added' | 'domain.ssl_retry',
  { now, baseMs }: RecordTerms,
): DomainItem | undefined {
  if (item.announced) return undefined;
  const known = { ...item, announced: true, history: withEntry(item.history, now, 'announced', event) };
  if (item.state === 'failed' && item.reason === 'not-announced') {
    return {
      ...known,
      ...freshCounts,
      state: 'removing',
      reason: null,
      since: toInstant(now),
      ...makeDue(item, now, now + API_MARGIN * baseMs),
    };
  }
  return item.dueAt === null ? known : { ...known, revision: item.revision + 1 };
}
