import { randomBytes } from 'node:crypto';

/** Standard Webhooks asks for 24 to 64 random bytes. */
const BYTES = 32;

export function newRelaySecret(): string {
  return `whsec_${randomBytes(BYTES).toString('base64')}`;
}

/** A token that may stand in a header, and in a path. */
export function newToken(): string {
  return randomBytes(BYTES).toString('base64url');
}
