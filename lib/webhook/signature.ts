import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The three headers of Standard Webhooks, as received. */
export interface SignatureHeaders {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** The id orders two updates of one millisecond, so it is held to ASCII (docs/rules.md, "Updates"). */
const webhookId = /^[A-Za-z0-9_.-]{1,128}$/;
const epochSeconds = /^[1-9]\d{0,11}$/;
const toleranceSeconds = 300;

/**
 * Used where there is no secret, so that an unknown network takes as long as a known one. No sender can sign with it:
 * each process makes its own and never reveals it.
 */
const dummyKey = randomBytes(32);

/** The key of a `whsec_…` secret; undefined for anything else, above all for an empty key, which any sender has. */
function keyOf(secret: string): Buffer | undefined {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  return key.length === 0 ? undefined : key;
}

function sameText(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/**
 * Whether one of `secrets` signed exactly these bytes under this id and within 300 s of `nowMs`
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * Every secret is compared with every signature, so that the time taken does not show a match.
 */
export function verifySignature(
  body: Uint8Array,
  { id = '', timestamp = '', signature = '' }: SignatureHeaders,
  secrets: readonly string[],
  nowMs: number,
): boolean {
  const keys = secrets.map(keyOf).filter((key) => key !== undefined);
  const offered = signature.split(' ').map((text) => Buffer.from(text));

  let matches = 0;
  for (const key of keys.length > 0 ? keys : [dummyKey]) {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    const expected = Buffer.from(`v1,${digest}`);
    for (const candidate of offered) matches += sameText(candidate, expected) ? 1 : 0;
  }

  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp);
  const isTimely = epochSeconds.test(timestamp) && Math.abs(ageSeconds) <= toleranceSeconds;
  return matches > 0 && keys.length > 0 && isTimely && webhookId.test(id);
}
