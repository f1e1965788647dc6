import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import type { Access } from '../ledger/runcloud-ports.ts';
import { HOUR_MS, toInstant } from '../ledger/time.ts';
import { allItems } from '../ledger/updates/all-items.ts';
import { nextDaily } from '../network/daily.ts';
import { CALL_NEEDS_MS } from '../network/limits/rate-limit.ts';
import { patientTerms, type Session } from '../network/session.ts';
import type { ComparedList } from './compared-list.ts';
import { type Repaired, repairMissing } from './confirm-missing.ts';
import { noNames, withNames } from './name-list.ts';
import { type ComparisonProgress, resumeProgress, storeProgress } from './progress.ts';
import { readList } from './read-list.ts';
import type { Compared, ComparisonServices } from './result.ts';
import { isMissing, UnexpectedRows } from './unexpected-rows.ts';

/** Left to read the ledger after the list, and to release the lease. */
const LEDGER_NEEDS_MS = 30_000;
/** A comparison that had no time for a single check waits this long, because each try reads the whole ledger. */
const SOONEST_MS = 60_000;

/**
 * Reads the ledger once, for the unexpected rows among those of this call and, once all rows were read, for the missing
 * domains. It is read after the list, so a domain added meanwhile does not look unexpected.
 */
async function askLedger(
  network: string,
  access: Access,
  progress: ComparisonProgress,
  { ledger }: Pick<ComparisonServices, 'ledger'>,
) {
  const { begunAt, reading } = progress;
  const unexpected = new UnexpectedRows(reading.rows.values(), {
    begunAt,
    protectedDomains: access.protectedDomains,
  });
  const suspects: DomainItem[] = [];
  const leftOut = (domain: string) => unexpected.explainUnreadable(domain);
  for await (const item of allItems(ledger, 'domain', network, leftOut)) {
    unexpected.explain(item);
    if (reading.nextPage === null && isMissing(item, begunAt, { app: access.app, reading }))
      suspects.push(item);
  }
  const unwanted = withNames(progress.unwanted, unexpected.unwanted);
  const unknown = withNames(progress.unknown, unexpected.unknown);
  return { suspects, found: { ...progress, unwanted, unknown } };
}

function singleRowsAt({ hasSingleRows }: ComparedList, begunAt: number): Compared['singleRowsAt'] {
  if (hasSingleRows === undefined) return undefined;
  return hasSingleRows ? begunAt : null;
}

function concluded(
  network: string,
  { begunAt, unwanted, unknown, reading }: ComparisonProgress,
  { missing, left, stop }: Repaired,
  s: Pick<ComparisonServices, 'clock' | 'driftDryRun'>,
): Compared {
  const now = s.clock.now();
  const error = stop?.error ?? null;
  // Where much is missing, or a call failed, the next comparison comes in an hour.
  const soon = error !== null || (left > 0 && missing.length > 0);
  return {
    dueAt: soon ? now + HOUR_MS : nextDaily(network, now),
    begunAt: null,
    drift: {
      at: toInstant(now),
      missing: withNames(noNames, missing),
      unwanted,
      unknown,
      dryRun: s.driftDryRun,
    },
    singleRowsAt: singleRowsAt(reading, begunAt),
    error,
  };
}

/**
 * Compares RunCloud's list with the ledger. It repairs wanted domains that are missing. It reports unwanted rows and leaves
 * them, because a person added them by hand: what a lost answer may have left is open work of its own.
 */
export async function compareLists(
  item: NetworkItem,
  { access, hosting }: Pick<Session, 'access' | 'hosting'>,
  deadlineAt: number,
  s: Omit<ComparisonServices, 'networks' | 'reportComparison'>,
): Promise<Compared> {
  const { network } = item;
  const { app } = access;
  const progress = await resumeProgress(s.ledger, item, app, s.clock.now());
  const { begunAt, reading } = progress;
  const pages = hosting(patientTerms(deadlineAt, CALL_NEEDS_MS + LEDGER_NEEDS_MS));
  const stopped = await readList(reading, pages, s.clock);
  if (stopped !== null && reading.rows.size === 0) {
    const { until, error } = stopped;
    return {
      dueAt: until,
      begunAt: item.comparison?.begunAt ?? null,
      drift: null,
      singleRowsAt: undefined,
      error,
    };
  }
  const { suspects, found } = await askLedger(network, access, progress, s);
  const repairs = hosting(patientTerms(deadlineAt, CALL_NEEDS_MS));
  const terms = { app, begunAt, deadlineAt, reading, hosting: repairs };
  const repaired = await repairMissing(suspects, terms, s);
  if (stopped === null && (repaired.left === 0 || repaired.asked > 0)) {
    return concluded(network, found, repaired, s);
  }
  await storeProgress(s.ledger, network, app, found);
  const stop = stopped ?? repaired.stop;
  const now = s.clock.now();
  const soonest = stopped === null ? now + SOONEST_MS : now;
  return {
    dueAt: Math.max(stop?.until ?? now, soonest),
    begunAt,
    drift: null,
    singleRowsAt: undefined,
    error: stop?.error ?? null,
  };
}
