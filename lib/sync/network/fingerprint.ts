const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const BITS = 64;
/** Of 36 values each: among forty thousand names two share one by a chance of three in ten thousand. */
export const FINGERPRINT_LENGTH = 8;

function hash(text: string): bigint {
  let value = OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(BITS, (value ^ BigInt(byte)) * PRIME);
  }
  return value;
}

/** A short stand-in for a name (FNV-1a), always as long. Tells names apart; keeps nothing secret. */
export function fingerprint(text: string): string {
  return hash(text).toString(36).padStart(FINGERPRINT_LENGTH, '0').slice(-FINGERPRINT_LENGTH);
}

/** A number below `limit` that is always the same for a text. */
export function spreadOver(text: string, limit: number): number {
  return Number(hash(text) % BigInt(limit));
}
