import type { RelayError } from '../../../errors.ts';
import { isParkableRow } from '../../ledger/domains/parking.ts';
import { WWW } from '../../ledger/domains/www.ts';
import {
  ImplausibleAnswer,
  NotAnnounced,
  PrimaryDomain,
  ProtectedDomain,
  type RefusedRemoval,
} from '../../ledger/errors.ts';
import type { ParkingReason } from '../../ledger/items/domain-item.ts';
import type { HostedDomain } from '../../ledger/runcloud-ports.ts';
import { isProtected } from '../../network/listing/protected-names.ts';
import { sendsAway, servedNames, wildcardOver } from '../../network/listing/served-names.ts';
import { removalRefusal } from './removal-refusal.ts';

/** What is wanted for one domain, with what the ledger knows about it in this application. */
export interface Goal {
  readonly domain: string;
  /** `parked`: kept out of the application for now, as far as that takes nothing but the relay's own row. */
  readonly wanted: 'present' | 'absent' | 'parked';
  /** Whether any event has said that it is wanted: only then may its row be deleted. */
  readonly announced: boolean;
  readonly www: boolean;
  readonly native: boolean;
  /** Null: unknown, or an id of another application. */
  readonly knownId: number | null;
  /** Of `parked`: the row that the relay has made itself, and why it is to go. */
  readonly parkable: { readonly ownId: number | null; readonly reason: ParkingReason } | null;
  /** RunCloud has not been asked for this update before: the first POST needs no reading. */
  readonly blind: boolean;
  /** A write may still land: only a listing shows it. */
  readonly ambiguous: boolean;
  readonly protectedDomains: readonly string[];
  /** RunCloud may hold a second row of this name. */
  readonly secondRowPossible: boolean;
}

export type Observed =
  | { readonly via: 'nothing' }
  | { readonly via: 'id'; readonly rows: readonly HostedDomain[] }
  | {
      readonly via: 'list';
      readonly rows: readonly HostedDomain[];
      readonly complete: boolean;
      /** No row can have slipped from page to page unseen, or none matters. */
      readonly confirmed: boolean;
    };

export type TargetState =
  | {
      readonly state: 'present';
      readonly reason: 'covered-by-wildcard' | 'served-by-apex' | null;
      readonly row: HostedDomain | null;
    }
  /** A removal that is never followed, and why. */
  | {
      readonly state: 'present';
      readonly reason: RefusedRemoval['code'];
      readonly row: HostedDomain | null;
      readonly refusal: string;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'parked' };

export type Action =
  | { readonly do: 'list' }
  /** Lists again, to see that nothing slipped from page to page. */
  | { readonly do: 'confirm' }
  | { readonly do: 'find'; readonly id: number }
  | { readonly do: 'add'; readonly www: boolean }
  | { readonly do: 'update'; readonly id: number; readonly www: boolean }
  | { readonly do: 'remove'; readonly row: HostedDomain }
  | { readonly do: 'end'; readonly target: TargetState }
  | { readonly do: 'refuse'; readonly error: RelayError };

function isServed(name: string, rows: readonly HostedDomain[]): boolean {
  return rows.some((row) => servedNames(row).includes(name));
}

const RANK = { primary: 0, alias: 1, redirect: 2 } as const;

/** The best of several rows with this name. */
export function servingRow(rows: readonly HostedDomain[], domain: string): HostedDomain | undefined {
  return rows
    .filter(({ name }) => name === domain)
    .toSorted((a, b) => RANK[a.type ?? 'alias'] - RANK[b.type ?? 'alias'])[0];
}

/** A row that serves a protected `www.` keeps it, whatever is wanted of its own name. */
function keepsWww({ name, www }: HostedDomain, { protectedDomains }: Goal): boolean {
  return www === true && isProtected(WWW + name, protectedDomains);
}

/** Whether this domain's row should serve its `www.`, given the application's other rows. */
function wantsWww(goal: Goal, rows: readonly HostedDomain[]): boolean {
  return goal.www && !goal.domain.startsWith(WWW) && !rows.some((row) => row.name === `${WWW}${goal.domain}`);
}

function present(
  row: HostedDomain | null,
  reason: 'covered-by-wildcard' | 'served-by-apex' | null = null,
): Action {
  return { do: 'end', target: { state: 'present', reason, row } };
}

function planPresent(goal: Goal, seen: Exclude<Observed, { via: 'nothing' }>): Action {
  const row = servingRow(seen.rows, goal.domain);
  if (row !== undefined) {
    if (row.type === 'primary') return present(row);
    const www = keepsWww(row, goal) || wantsWww(goal, seen.rows);
    const differs =
      row.type === 'redirect' || (row.www !== undefined && row.www !== www) || sendsAway(row, goal.domain);
    if (!differs) return present(row);
    // A row read by its id does not show whether `www.` has a row of its own.
    return seen.via === 'id' ? { do: 'list' } : { do: 'update', id: row.id, www };
  }
  if (seen.via === 'id') return { do: 'list' };
  const covered = goal.native && isServed(wildcardOver(goal.domain), seen.rows);
  if (covered) return present(null, 'covered-by-wildcard');
  // No row has this name, so only its apex can serve it.
  if (isServed(goal.domain, seen.rows)) return present(null, 'served-by-apex');
  // `www.X` is wanted by itself, so the row of X must not send its visitors to X.
  const apex = seen.rows.find((other) => other.type !== 'redirect' && sendsAway(other, goal.domain));
  if (apex !== undefined) return { do: 'update', id: apex.id, www: true };
  if (!seen.complete) return { do: 'refuse', error: incompleteListing() };
  return { do: 'add', www: wantsWww(goal, seen.rows) };
}

function planAbsent(goal: Goal, seen: Exclude<Observed, { via: 'nothing' }>): Action {
  const rows = seen.rows.filter(({ name }) => name === goal.domain);
  const removable = rows.find(({ type }) => type !== 'primary');
  if (removable !== undefined) {
    if (!goal.announced) return { do: 'refuse', error: new NotAnnounced(goal.domain) };
    const error = removalRefusal(removable, goal.protectedDomains);
    return error === undefined ? { do: 'remove', row: removable } : { do: 'refuse', error };
  }
  if (rows.length > 0) {
    return {
      do: 'refuse',
      error: new PrimaryDomain(`${goal.domain} is the primary domain of the web application`),
    };
  }
  if (seen.via === 'id') return { do: 'list' };
  if (!seen.complete) return { do: 'refuse', error: incompleteListing() };
  // A settled removal is final, so it must not rely on pages that may have shifted.
  if (!seen.confirmed) return { do: 'confirm' };
  return { do: 'end', target: { state: 'absent' } };
}

/** Takes the relay's own row out. Whatever else serves the name stays, and then it is present. */
function planParked(goal: Goal, seen: Exclude<Observed, { via: 'nothing' }>): Action {
  const row = servingRow(seen.rows, goal.domain);
  if (row !== undefined) {
    const { parkable, protectedDomains } = goal;
    const may = parkable !== null && isParkableRow(row, parkable);
    return may && removalRefusal(row, protectedDomains) === undefined
      ? { do: 'remove', row }
      : planPresent(goal, seen);
  }
  const otherwise = planPresent(goal, seen);
  if (otherwise.do !== 'add' || seen.via !== 'list') return otherwise;
  return seen.confirmed ? { do: 'end', target: { state: 'parked' } } : { do: 'confirm' };
}

function incompleteListing() {
  return new ImplausibleAnswer(
    'RunCloud listed its domains incompletely, so a missing one is not known to be absent',
  );
}

const PLANS = { present: planPresent, absent: planAbsent, parked: planParked } as const;

/**
 * Decides what to do next for a goal, given what has been seen. Pure. `seen` grows from nothing to one row by id to the whole
 * listing; a removal always needs a row.
 */
export function plan(goal: Goal, seen: Observed): Action {
  if (goal.wanted === 'absent' && isProtected(goal.domain, goal.protectedDomains)) {
    return { do: 'refuse', error: new ProtectedDomain(`${goal.domain} is protected by PROTECTED_DOMAINS`) };
  }
  if (seen.via !== 'nothing') {
    return PLANS[goal.wanted](goal, seen);
  }
  // A second row is seen by name only. Listed first, one list serves the removals that follow.
  if (goal.ambiguous || (goal.wanted === 'absent' && goal.secondRowPossible)) return { do: 'list' };
  if (goal.knownId !== null) return { do: 'find', id: goal.knownId };
  // A native name may lie under a wildcard, and a `www.` name under its apex: both must be seen first.
  const readFirst = goal.native || goal.domain.startsWith(WWW);
  if (goal.wanted === 'present' && goal.blind && !readFirst) return { do: 'add', www: wantsWww(goal, []) };
  return { do: 'list' };
}
