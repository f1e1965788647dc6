import { NotBefore } from '../ledger/errors.ts';
import type { Place } from '../ledger/items/domain-item.ts';
import { CALL_NEEDS_MS } from './limits/rate-limit.ts';

interface Deadline {
  /** When the function is stopped. */
  readonly deadlineAt: number;
}

/** Whether work that needs `neededMs`, by default one call, ends before the function is stopped. */
export function hasTimeLeft({ deadlineAt }: Deadline, now: number, neededMs = CALL_NEEDS_MS): boolean {
  return deadlineAt - now >= neededMs;
}

/** Throws `NotBefore` where it would not: a pass that is cut off counts as a crash. `place`: where the work then goes on. */
export function assertTimeLeft(
  deadline: Deadline,
  now: number,
  neededMs = CALL_NEEDS_MS,
  place: Place | null = null,
): void {
  if (!hasTimeLeft(deadline, now, neededMs)) throw new NotBefore(now, null, place);
}
