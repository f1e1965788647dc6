import { type Io, say } from '../../io.ts';
import { counted } from '../../output/counted.ts';
import type { SyncPlan } from './plan.ts';
import type { DomainList } from './read-list.ts';

const SHOWN_NAMES = 20;

function names(title: string, domains: readonly string[], io: Io): void {
  if (domains.length === 0) return;
  say(io, `${title}:`);
  for (const domain of domains.slice(0, SHOWN_NAMES)) say(io, `  ${domain}`);
  if (domains.length > SHOWN_NAMES) say(io, `  … and ${domains.length - SHOWN_NAMES} more`);
}

/** What is different, and what will be sent. */
export function showPlan(
  list: DomainList,
  plan: SyncPlan,
  removeMissing: boolean,
  network: string,
  io: Io,
): void {
  const repeated = list.repeated === 0 ? '' : `, ${counted(list.repeated, 'repeated line')}`;
  say(
    io,
    `The list names ${counted(list.domains.length, 'domain')}${repeated}. Network ${network} knows ${plan.unchanged} of them.`,
  );
  names(
    `To add: ${plan.add.length}`,
    plan.add.map(({ domain }) => domain),
    io,
  );
  names(`Of these, removed before and added again: ${plan.removedBefore.length}`, plan.removedBefore, io);
  const what = removeMissing ? 'To remove' : 'Not in the list, and left (--remove-missing removes them)';
  names(`${what}: ${plan.missing.length}`, plan.missing, io);
  names(`Left, because the ledger cannot read them: ${plan.unreadable.length}`, plan.unreadable, io);
}
