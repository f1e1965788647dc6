import * as z from 'zod/mini';
import type { Credential } from '../settings/settings.ts';
import { maybe } from './maybe.ts';

const longestText = 300;

/** A sentence, several, or one in an object's `message`. */
const sentenceSchema = z.union([
  z.string(),
  z.pipe(
    z.object({ message: z.string() }),
    z.transform(({ message }) => message),
  ),
]);
const sentencesSchema = z.pipe(
  z.union([sentenceSchema, z.array(sentenceSchema)]),
  z.transform((said) => [said].flat()),
);

/** The shapes that clients have met: Laravel's sentence and its lists by field, and those of other frameworks. */
const errorBodySchema = z.object({
  message: maybe(sentencesSchema),
  error: maybe(sentencesSchema),
  errors: maybe(z.union([sentencesSchema, z.record(z.string(), maybe(sentencesSchema))])),
});

function sentencesIn(body: unknown): readonly string[] {
  if (typeof body === 'string') return [body];
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return [];
  const { message = [], error = [], errors = [] } = parsed.data;
  const fields = Array.isArray(errors)
    ? errors
    : Object.entries(errors).flatMap(([field, texts = []]) =>
        texts.length === 0 ? [] : [`${field}: ${texts.join(' ')}`],
      );
  return [...new Set([...message, ...error, ...fields])];
}

/** The secrets that must never leave this process, in every form in which an answer could echo them. */
export function secretsOf(credential: Credential): readonly string[] {
  return credential.api === 'v3'
    ? [credential.token]
    : [credential.key, credential.secret, basicToken(credential.key, credential.secret)];
}

export function basicToken(key: string, secret: string): string {
  return Buffer.from(`${key}:${secret}`, 'utf8').toString('base64');
}

/** Redacts the credential, PEM blocks, and the values of secret fields. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    // Blanking every "a" because of a one-letter token would only spell the token out.
    if (secret.length >= 4) clean = clean.replaceAll(secret, '[redacted]');
  }
  return clean
    .replace(/-----BEGIN[\s\S]*?(-----END[^-]*-----|$)/g, '[redacted]')
    .replace(/\b(Bearer|Basic)\s+[\w+/=.|~-]{16,}/gi, '$1 [redacted]')
    .replace(/\b(private_?key|pull_?key\d?)(["']?\s*[:=]\s*["']?)[^\s"',;}]+/gi, '$1$2[redacted]');
}

/** RunCloud's own words from a body (text, or parsed JSON), fit to show an operator: one line, redacted, cut. */
export function errorTextOf(body: unknown, secrets: readonly string[]): string | undefined {
  const text = sentencesIn(body)
    .filter((part) => part !== '')
    .join(' | ');
  // Redacted before it is cut: otherwise half a secret could survive at the edge.
  const line = redact(text, secrets)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line === '' ? undefined : line.slice(0, longestText);
}
