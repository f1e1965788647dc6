import { z } from 'zod';
import type { Credential } from '../settings/settings.ts';

const longestText = 300;

/** Laravel's two shapes of an error: a sentence, and a list of sentences per field. Everything else is ignored. */
const errorBodySchema = z.object({
  message: z.string().optional().catch(undefined),
  errors: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .optional()
    .catch(undefined),
});

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

/** RunCloud's own words from an error body, fit to show an operator: one line, redacted, cut. */
export function errorTextOf(body: unknown, secrets: readonly string[]): string | undefined {
  const parsed = errorBodySchema.safeParse(body);
  if (!parsed.success) return undefined;
  const { message, errors } = parsed.data;
  const fields = Object.entries(errors ?? {}).map(
    ([field, texts]) => `${field}: ${[texts].flat().join(' ')}`,
  );
  const text = [message, ...fields].filter((part) => part !== undefined && part !== '').join(' | ');
  // Redacted before it is cut: otherwise half a secret could survive at the edge.
  const line = redact(text, secrets)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line === '' ? undefined : line.slice(0, longestText);
}
