import { isElsewhere } from '../ledger/domains/elsewhere.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { certificateKey, domainKey } from '../ledger/keys.ts';
import type { App, Hosting } from '../ledger/runcloud-ports.ts';
import { ifUsable } from '../ledger/unreadable.ts';
import { readSeen, updateItem } from '../ledger/updates/update.ts';
import { withMovedDomain } from '../ledger/work/certificate-request.ts';
import type { ListReading } from '../network/listing/list-reading.ts';
import { servedNames } from '../network/listing/served-names.ts';
import { assertTimeLeft } from '../network/time-left.ts';
import { answerOf, type Stop } from './read-list.ts';
import { reopenMissing } from './reopen-missing.ts';
import type { ComparisonServices } from './result.ts';

/** Suspects checked in one comparison: a wrong list must not cost a call for every domain. */
const MOST_ASKED = 200;

export interface Repaired {
  /** Missing domains, repaired unless this is a dry run. */
  readonly missing: readonly string[];
  readonly asked: number;
  /** Suspects that were not checked. */
  readonly left: number;
  readonly stop: Stop | null;
}

type RepairServices = Pick<ComparisonServices, 'ledger' | 'clock' | 'random' | 'delays' | 'driftDryRun'>;

interface RepairTerms {
  readonly app: App;
  readonly begunAt: number;
  readonly deadlineAt: number;
  readonly reading: Pick<ListReading, 'isWhole'>;
  readonly hosting: Pick<Hosting, 'find'>;
}

/**
 * Whether a domain that the list does not show is missing. It is checked by its id, because a list that is read page by
 * page may skip a row. A domain without a row of its own is missing only if the list is whole. One of another application has no row
 * that the ledger knows here.
 */
export async function isGone(
  item: Pick<DomainItem, 'domain' | 'runcloudId'>,
  { app, reading, hosting }: Pick<RepairTerms, 'app' | 'reading' | 'hosting'>,
): Promise<boolean> {
  const { domain, runcloudId } = item;
  if (isElsewhere(item, app)) return true;
  if (runcloudId === null) return reading.isWhole;
  const row = await hosting.find(runcloudId.id);
  return row === undefined || !servedNames(row).includes(domain);
}

/** True if it is due again. The next comparison comes back to a domain that cannot be written now. */
async function reopen(
  { network, domain }: Pick<DomainItem, 'network' | 'domain'>,
  { app, begunAt }: Pick<RepairTerms, 'app' | 'begunAt'>,
  { ledger, clock, random, delays }: RepairServices,
): Promise<boolean | undefined> {
  const now = clock.now();
  const dueAt = now + random() * delays.apiMarginMs;
  const rule = reopenMissing({ app, begunAt, now, dueAt });
  return ifUsable(async () => {
    const key = domainKey(network, domain);
    const seen = await readSeen(ledger, key);
    const reopened = rule(seen.item).write === undefined ? undefined : seen.item;
    // What is known of its certificate is the other application's.
    if (reopened !== undefined && isElsewhere(reopened, app)) {
      await ifUsable(() =>
        updateItem(ledger, certificateKey(network, domain), (request) =>
          withMovedDomain(request, now, dueAt),
        ),
      );
    }
    return updateItem(ledger, key, rule, seen);
  });
}

/** Checks each suspect, and makes the missing ones due again, with jitter. */
export async function repairMissing(
  suspects: readonly DomainItem[],
  terms: RepairTerms,
  s: RepairServices,
): Promise<Repaired> {
  const missing: string[] = [];
  let asked = 0;
  let stop: Stop | null = null;
  for (const suspect of suspects.slice(0, MOST_ASKED)) {
    const called = await answerOf(s.clock, async () => {
      // A suspect without a row of its own needs no call, but the ledger is written for it too.
      assertTimeLeft(terms, s.clock.now());
      return isGone(suspect, terms);
    });
    if ('stop' in called) {
      stop = called.stop;
      break;
    }
    asked++;
    if (!called.answer) continue;
    const reopened = s.driftDryRun || (await reopen(suspect, terms, s));
    if (reopened === true) missing.push(suspect.domain);
  }
  return { missing, asked, left: suspects.length - asked, stop };
}
