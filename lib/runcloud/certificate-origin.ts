import type { CertificateOrigin } from '../sync/ledger/runcloud-ports.ts';
import type { InstalledSsl } from './ssl.ts';

type Facts = Omit<InstalledSsl, 'id' | 'validUntil'>;

/** Spellings differ: `letsencrypt`, `Let's Encrypt`. */
function plain(text: string | undefined): string {
  return (text ?? '').toLowerCase().replace(/[^a-z\d]/g, '');
}

/** A provider that is not Let's Encrypt is an operator's own, also one that is new to the relay. */
export function certificateOrigin({ method, provider, ...facts }: Facts): CertificateOrigin {
  const by = plain(method ?? provider);
  const authorization = plain(facts.authorizationMethod);
  if (by !== '' && by !== 'letsencrypt') return 'uploaded';
  if (facts.staging === true || plain(facts.environment) === 'staging') return 'staging';
  if (authorization.startsWith('dns')) return 'dns-01';
  return authorization === 'http01' ? 'http-01' : 'unknown';
}
