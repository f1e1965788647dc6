import { Webhook } from 'standardwebhooks';

export interface SignOptions {
  /** All of them sign, as a sender does while it rotates. */
  readonly secrets: readonly string[];
  readonly id: string;
  readonly nowMs: number;
}

/** The three headers that a sender with the public package puts on a call. */
export function signatureHeaders(body: string, { secrets, id, nowMs }: SignOptions) {
  const at = new Date(nowMs);
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(nowMs / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

export function secretOf(text: string): string {
  return `whsec_${Buffer.from(text).toString('base64')}`;
}
