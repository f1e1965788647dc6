import type { DomainItem } from '../ledger/domain-item.ts';
import { domainKey } from '../ledger/keys.ts';
import type { App, Hosting } from '../ledger/ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { updateItem } from '../ledger/update.ts';
import type { ListReading } from '../network/listing.ts';
import { callInTime, type Stop } from '../network/read-pages.ts';
import { servedNames } from '../network/served-names.ts';
import { reopenMissing } from './reopen-missing.ts';
import type { ComparisonServices } from './result.ts';

/** Suspects asked about in one comparison: a list that lies must not cost a call for every domain. */
const MOST_ASKED = 200;

export interface Repaired {
  /** Domains that are gone, healed unless this is a dry run. */
  readonly missing: readonly string[];
  readonly asked: number;
  /** Suspects nobody has asked about. */
  readonly left: number;
  readonly stop: Stop | null;
}

interface Asking {
  readonly app: App;
  readonly begunAt: number;
  readonly deadlineAt: number;
  readonly reading: Pick<ListReading, 'isWhole'>;
  readonly hosting: Pick<Hosting, 'find'>;
}

/**
 * Whether a domain that the list does not show is gone. RunCloud is asked by its id, for a list that is read page by page
 * may skip a row; what has no row of its own can only be told from a list that skipped none.
 */
async function isGone(
  { domain, runcloudId }: Pick<DomainItem, 'domain' | 'runcloudId'>,
  { app, reading, hosting }: Asking,
): Promise<boolean> {
  if (runcloudId === null || !isSameApp(runcloudId, app)) return reading.isWhole;
  const row = await hosting.find(runcloudId.id);
  return row === undefined || !servedNames(row).includes(domain);
}

/** Asks about each suspect, and makes those that are gone open work again, spread over a while. */
export async function repairMissing(
  suspects: readonly DomainItem[],
  asking: Asking,
  s: Pick<ComparisonServices, 'ledger' | 'clock' | 'random' | 'delays' | 'driftDryRun'>,
): Promise<Repaired> {
  const missing: string[] = [];
  let asked = 0;
  let stop: Stop | null = null;
  for (const suspect of suspects.slice(0, MOST_ASKED)) {
    const called = await callInTime({ ...asking, clock: s.clock }, () => isGone(suspect, asking));
    if ('stop' in called) {
      stop = called.stop;
      break;
    }
    asked++;
    if (!called.answer) continue;
    const now = s.clock.now();
    const rule = reopenMissing({
      begunAt: asking.begunAt,
      now,
      dueAt: now + s.random() * s.delays.apiMarginMs,
    });
    const key = domainKey(suspect.network, suspect.domain);
    if (s.driftDryRun || (await updateItem(s.ledger, key, rule))) missing.push(suspect.domain);
  }
  return { missing, asked, left: suspects.length - asked, stop };
}
