import { createHash, timingSafeEqual } from 'node:crypto';

function digest(text: string) {
  return createHash('sha256').update(text).digest();
}

/** The shortest token that a secret may hold. */
export const SHORTEST_TOKEN = 32;

/** Whether a secret may hold it at all. A call with any other text costs no read of a secret. */
export function mayBeToken(offered: string): boolean {
  return offered.length >= SHORTEST_TOKEN;
}

/**
 * Whether `offered` is one of `tokens`. Digests are compared because they all have one length. Every token is compared,
 * so that the time taken does not show a match.
 */
export function isOneOf(tokens: readonly string[], offered: string): boolean {
  const wanted = digest(offered);
  let matches = 0;
  for (const token of tokens) matches += timingSafeEqual(digest(token), wanted) ? 1 : 0;
  return matches > 0;
}
