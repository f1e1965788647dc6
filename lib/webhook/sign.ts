import { createHmac } from 'node:crypto';
import { keyOf } from './signature.ts';

/** The `webhook-signature` of a body, by each of these secrets: during a rotation the receiver may know either. */
export function signatureOf(
  body: string,
  { id, timestamp }: { readonly id: string; readonly timestamp: string },
  secrets: readonly string[],
): string {
  return secrets
    .map(keyOf)
    .filter((key) => key !== undefined)
    .map((key) => createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64'))
    .map((digest) => `v1,${digest}`)
    .join(' ');
}
