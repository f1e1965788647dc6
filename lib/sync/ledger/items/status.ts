import type { ErrorCode } from '../../../errors.ts';
import { toInstant } from '../time.ts';

export interface LastError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly at: string;
}

export function toLastError({ code, message }: Pick<LastError, 'code' | 'message'>, now: number): LastError {
  return { code, message, at: toInstant(now) };
}

/** A state and its reason; `since` moves only with the state. */
export function withState<S extends string>(
  item: { readonly state: S; readonly since: string },
  state: S,
  reason: string | null,
  now: number,
): { readonly state: S; readonly reason: string | null; readonly since: string } {
  return { state, reason, since: state === item.state ? item.since : toInstant(now) };
}
