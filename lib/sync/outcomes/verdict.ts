import type { ErrorCode } from '../../errors.ts';
import type { CallbackErrorCode } from '../ledger/items/work-item.ts';
import type { PostAnswer } from './ports.ts';

export interface DeliveryFailure {
  readonly code: CallbackErrorCode | ErrorCode;
  readonly message: string;
}

/** What came of one try. */
export type DeliveryResult =
  | { readonly kind: 'done' }
  | { readonly kind: 'retry'; readonly failure: DeliveryFailure; readonly retryAfterMs: number | undefined }
  | { readonly kind: 'refused'; readonly failure: DeliveryFailure };

/** 4xx that pass: the receiver gave up waiting, or asks for fewer requests. */
const PASSING: ReadonlySet<number> = new Set([408, 429]);

function retry(message: string, retryAfterMs?: number): DeliveryResult {
  return { kind: 'retry', failure: { code: 'callback-unavailable', message }, retryAfterMs };
}

export function resultOf(answer: PostAnswer): DeliveryResult {
  if (answer.kind === 'unanswered') return retry(`CALLBACK_URL did not answer: ${answer.why}`);
  const { status, retryAfterMs } = answer;
  const message = `CALLBACK_URL answered ${status}`;
  if (status >= 200 && status < 300) return { kind: 'done' };
  if (status >= 500 || PASSING.has(status)) return retry(message, retryAfterMs);
  return { kind: 'refused', failure: { code: 'callback-refused', message } };
}
