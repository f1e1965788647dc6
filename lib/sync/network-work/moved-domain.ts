import { withoutRow } from '../ledger/domains/without-row.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { withEntry } from '../ledger/items/history.ts';
import type { NetworkItem } from '../ledger/items/network-item.ts';
import { makeDue } from '../ledger/items/work-item.ts';
import type { App } from '../ledger/runcloud-ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { MINUTE_MS } from '../ledger/time.ts';

export interface Move {
  readonly to: App;
  /** Since when passes may end at an application that was left; null: unknown. */
  readonly at: number | null;
}

/** The move that a requeue is about; null: it is about none. */
export function moveOf({ requeue, claim }: Pick<NetworkItem, 'requeue' | 'claim'>): Move | null {
  return requeue?.reason === 'moved' && claim !== null ? { to: claim, at: requeue.movedAt ?? null } : null;
}

/** A pass notes when it ends, and its write lands before the function's five minutes are over. The rest is how far clocks differ. */
const LANDS_LATER_MS = 6 * MINUTE_MS;

/**
 * Settled without a row by a pass that has not seen the move: the requeue had not come yet, so nothing raised the revision. What was
 * settled long before stays as it is.
 */
function endedAtOld({ state, dueAt, settledAt }: DomainItem, { to, at }: Move): boolean {
  if (dueAt !== null || settledAt === null || at === null || isSameApp(settledAt, to)) return false;
  const isWithoutRow = state === 'absent' || state === 'failed' || state === 'parked';
  return isWithoutRow && settledAt.at > at - LANDS_LATER_MS;
}

/** What the old application served, or kept although it was to go. */
function isServedAtOld({ wanted, state, runcloudId }: DomainItem, { to }: Move): boolean {
  const isKept = wanted === 'absent' && state === 'present';
  if ((wanted !== 'present' && !isKept) || state === 'failed') return false;
  // Without a row of its own, a wildcard or an apex of the old application served it, if anything did.
  return runcloudId === null ? state === 'present' : !isSameApp(runcloudId, to);
}

/**
 * Domains of an application that the secret no longer names become due at the one it names now. Among them a removal that was
 * never followed, because what kept the domain was the old application's, and what ended there after the move.
 */
export function withMove(item: DomainItem, move: Move, now: number, dueAt: number): DomainItem | undefined {
  if (!isServedAtOld(item, move) && !endedAtOld(item, move)) return undefined;
  const history = withEntry(
    item.history,
    now,
    'moved',
    `server ${move.to.serverId}, web application ${move.to.appId}`,
  );
  // Whether its DNS leads here decides about a parking, not where its row would be.
  if (item.state === 'parked') return { ...item, history, ...makeDue(item, dueAt, dueAt) };
  const moved = withoutRow(item, now, dueAt, history);
  return item.wanted === 'absent' ? { ...moved, state: 'removing', expiresAt: null } : moved;
}
