import { CALL_NEEDS_MS } from './rate-limit.ts';

/** Whether work that needs `neededMs`, by default one call, ends before the function is stopped. */
export function hasTimeLeft(
  { deadlineAt }: { readonly deadlineAt: number },
  now: number,
  neededMs = CALL_NEEDS_MS,
): boolean {
  return deadlineAt - now >= neededMs;
}
