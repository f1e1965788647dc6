import type { Drift, NameList } from '../sync/ledger/items/network-item.ts';
import { type Finding, warning } from './check.ts';

/** The most names in one sentence. */
const SHOWN = 5;

function are(count: number): string {
  return count === 1 ? '1 domain is' : `${count} domains are`;
}

function inWords({ count, names }: NameList): string {
  const shown = names.slice(0, SHOWN);
  const more = count - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}

/** Findings of the last comparison that the relay does not fix by itself. */
export function driftRemarks(drift: Drift | null): Finding[] {
  if (drift === null) return [];
  const { at, missing, unwanted, unknown, dryRun } = drift;
  const remark = (list: NameList, what: string, fix: string): Finding[] =>
    list.count === 0 ? [] : [warning(`${are(list.count)} ${what} (seen ${at}): ${inWords(list)}`, fix)];
  return [
    ...remark(
      unwanted,
      'in the web application, although the multisite removed them',
      'Delete them in RunCloud if they are not wanted, or map them in the multisite',
    ),
    ...remark(
      unknown,
      'in the web application, and never announced by the multisite',
      'Delete them in RunCloud if they are not needed; name those of the network itself in PROTECTED_DOMAINS',
    ),
    ...(dryRun
      ? remark(
          missing,
          'wanted but missing',
          'Take DRIFT_DRY_RUN out of the environment to have them added again',
        )
      : []),
  ];
}
