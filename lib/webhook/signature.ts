import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { BadEvent } from './bad-event.ts';

/** What the three headers of Standard Webhooks say. */
export interface Signature {
  /** Proved only together with the signature; '' where the header is missing. */
  readonly id: string;
  readonly timestamp: string;
  /** Several signatures are separated by blanks. */
  readonly offered: string;
}

export type Headers = Readonly<Record<string, string | undefined>>;

const webhookId = /^[\x21-\x7e]{1,256}$/;
const epochSeconds = /^[1-9]\d{0,11}$/;
const toleranceSeconds = 300;
/** Version 1: HMAC-SHA256, 32 bytes in base64. */
const version1 = /^v1,[A-Za-z0-9+/]{43}=$/;

/**
 * Used where there is no secret, so that an unknown network takes as long as a known one. No sender can sign with it:
 * each process makes its own and never reveals it.
 */
const dummyKey = randomBytes(32);

/** The key of a `whsec_…` secret; undefined for anything else, above all for an empty key, which any sender has. */
export function keyOf(secret: string): Buffer | undefined {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  const key = Buffer.from(encoded ?? '', 'base64');
  return key.length === 0 ? undefined : key;
}

function sameText(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The headers under the names of Standard Webhooks; where none of them is there, under those of Svix. */
function headersOf(headers: Headers): Signature {
  const named = (prefix: string) =>
    ['id', 'timestamp', 'signature'].map((name) => headers[`${prefix}-${name}`]);
  const standard = named('webhook');
  const [id = '', timestamp = '', offered = ''] = standard.some((value) => value !== undefined)
    ? standard
    : named('svix');
  return { id, timestamp, offered };
}

/**
 * The signature of a call. Undefined: no secret can prove it, because it is missing, ill-formed, or not from within
 * 300 s of `nowMs`.
 */
export function readSignature(headers: Headers, nowMs: number): Signature | undefined {
  const signature = headersOf(headers);
  const { timestamp, offered } = signature;
  const ageSeconds = Math.floor(nowMs / 1000) - Number(timestamp);
  const isTimely = epochSeconds.test(timestamp) && Math.abs(ageSeconds) <= toleranceSeconds;
  return isTimely && offered.split(' ').some((one) => version1.test(one)) ? signature : undefined;
}

/**
 * Whether one of `secrets` signed exactly these bytes under this id and timestamp
 * (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md).
 * Every secret is compared with every signature, so that the time taken does not show a match.
 */
export function verifySignature(
  body: Uint8Array,
  { id, timestamp, offered }: Signature,
  secrets: readonly string[],
): boolean {
  const keys = secrets.map(keyOf).filter((key) => key !== undefined);
  const candidates = offered.split(' ').map((text) => Buffer.from(text));

  let matches = 0;
  for (const key of keys.length > 0 ? keys : [dummyKey]) {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    const expected = Buffer.from(`v1,${digest}`);
    for (const candidate of candidates) matches += sameText(candidate, expected) ? 1 : 0;
  }
  return matches > 0 && keys.length > 0;
}

/** The id of an event whose signature is verified. Throws `BadEvent`: only its sender is told what is wrong with it. */
export function webhookIdOf({ id }: Signature): string {
  if (webhookId.test(id)) return id;
  const message = id === '' ? 'Is missing' : 'Must be 1 to 256 visible ASCII characters, without blanks';
  throw new BadEvent('bad-shape', [{ path: 'webhook-id', message }]);
}
