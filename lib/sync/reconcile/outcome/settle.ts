import type { DomainItem, RuncloudId } from '../../ledger/items/domain-item.ts';
import type { ItemUpdate } from '../../ledger/updates/update.ts';
import { withOutcome } from '../../ledger/work/owed-outcome.ts';
import { type Settled, settleWork } from '../../ledger/work/settle.ts';
import { ambiguityOf } from '../../ledger/work/work-lease.ts';
import { servesWww } from '../../network/listing/served-names.ts';
import { type DomainPassEnd, type DomainPatch, nextState } from './next-state.ts';

function runcloudIdOf(item: DomainItem, { observations, app }: DomainPassEnd): RuncloudId | null {
  if (observations.row === undefined || app === undefined) return item.runcloudId;
  return observations.row === null ? null : { id: observations.row.id, ...app };
}

/** A row that another client made is never taken for the relay's own. */
function addedIdOf({ addedId }: DomainItem, { observations: { row, added } }: DomainPassEnd): number | null {
  if (row === undefined) return addedId;
  return row !== null && (added || row.id === addedId) ? row.id : null;
}

function wwwServedOf(item: DomainItem, { observations: { row } }: DomainPassEnd): boolean | null {
  if (row === undefined) return item.wwwServed;
  return row === null ? null : servesWww(row);
}

/** What is served, as the next pass compares it with what it finds. */
function servedOf(item: DomainItem, pass: DomainPassEnd): Pick<DomainItem, 'runcloudId' | 'wwwServed'> {
  const { runcloudId, state } = item;
  const wwwServed = wwwServedOf(item, pass);
  const isArrival = state !== 'present' && runcloudId === null;
  if (pass.asked || isArrival) return { runcloudId: runcloudIdOf(item, pass), wwwServed };
  // The next pass finds the same row and the same `www.` new, and asks for their certificate.
  return { runcloudId, wwwServed: wwwServed === true ? item.wwwServed : wwwServed };
}

/** What was seen and answered: it holds whatever is wanted now. */
function observed(item: DomainItem, pass: DomainPassEnd): DomainPatch {
  return {
    ambiguousUntil:
      pass.unanswered && item.attempt !== null
        ? ambiguityOf(item, item.attempt, pass.delays.ambiguityMs)
        : item.ambiguousUntil,
    place: pass.place,
    wroteAt: pass.writes.last?.startedAt ?? item.wroteAt,
    addedId: addedIdOf(item, pass),
    ...servedOf(item, pass),
  };
}

/** A pass that went beyond the grace may have deleted the row. */
function staysInGrace({ result }: DomainPassEnd): boolean {
  return result.kind === 'held' && result.reason === 'grace-period';
}

export function settle(
  item: DomainItem | undefined,
  pass: DomainPassEnd,
): ItemUpdate<DomainItem, Settled<DomainItem>> {
  const { answered } = pass.observations;
  return settleWork(
    item,
    pass,
    (stored) => observed(stored, pass),
    (known) => {
      const ended: DomainItem = {
        ...known,
        answered: known.answered || answered,
        crashes: answered ? 0 : known.crashes,
        grace: staysInGrace(pass) ? known.grace : null,
        ...nextState(known, pass),
      };
      const { owner, now, readers, app } = pass;
      const settledAt = app === undefined || ended.state === 'present' ? null : { ...app, at: now };
      return ended.dueAt === null
        ? withOutcome(
            known,
            { ...ended, place: null, settledAt },
            { about: 'hosting', id: `msg_${owner}`, now, readers },
          )
        : ended;
    },
  );
}
