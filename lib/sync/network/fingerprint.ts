const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const BITS = 64;
/** In base 36: among 40,000 names two share a fingerprint with a chance of 3 in 10,000. */
export const FINGERPRINT_LENGTH = 8;

function hash(text: string): bigint {
  let value = OFFSET;
  for (const byte of new TextEncoder().encode(text)) {
    value = BigInt.asUintN(BITS, (value ^ BigInt(byte)) * PRIME);
  }
  return value;
}

/** A short stand-in for a name (FNV-1a), of fixed length. It tells names apart and hides nothing. */
export function fingerprint(text: string): string {
  return hash(text).toString(36).padStart(FINGERPRINT_LENGTH, '0').slice(-FINGERPRINT_LENGTH);
}

/** A number below `limit` that is always the same for a text. */
export function spreadOver(text: string, limit: number): number {
  return Number(hash(text) % BigInt(limit));
}
