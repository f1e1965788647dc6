import type { DomainUpdate } from '../ledger/desired-state.ts';
import type { DomainItem, Grace } from '../ledger/items/domain-item.ts';

/** The state that a settled domain would return to if its removal were taken back. */
function returnOf(item: DomainItem): Grace['before'] {
  const { wanted, state, dueAt, owner, reason, since, www, native, parking } = item;
  const isSettled = (state === 'present' || state === 'parked') && dueAt === null && owner === null;
  return wanted === 'present' && isSettled ? { reason, since, www, native, parking } : null;
}

/**
 * The grace of a removal that is accepted now. A removal that repeats one does not extend it, and one that comes during a pass
 * keeps nothing to return to, because that pass may be deleting the row.
 */
export function graceAfter(
  item: DomainItem | undefined,
  { wanted }: Pick<DomainUpdate, 'wanted'>,
  { now, graceMs }: { readonly now: number; readonly graceMs: number },
): Grace | null {
  if (wanted === 'present' || graceMs === 0) return null;
  if (item?.wanted === 'absent') {
    const { grace, owner } = item;
    return grace === null || owner === null ? grace : { ...grace, before: null };
  }
  return { until: now + graceMs, before: item === undefined ? null : returnOf(item) };
}

/**
 * The state that an addition restores without a call to RunCloud: no pass has gone beyond the grace, no write is under way, and
 * the same is wanted as before. Undefined: the domain needs a pass.
 */
export function takenBack(
  item: DomainItem | undefined,
  { wanted, www, native }: Pick<DomainUpdate, 'wanted' | 'www' | 'native'>,
): NonNullable<Grace['before']> | undefined {
  const before = item?.grace?.before ?? null;
  if (item === undefined || wanted !== 'present' || before === null) return undefined;
  const untouched = item.owner === null && item.attempt === null && item.ambiguousUntil === null;
  return untouched && before.www === www && before.native === native ? before : undefined;
}
