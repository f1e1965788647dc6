import { dateText } from '../http/replies.ts';
import type { Ssl } from '../state/state.ts';
import type { Switches } from '../state/switches.ts';

const dayMs = 24 * 60 * 60 * 1000;

const providers = { letsencrypt: "Let's Encrypt", custom: 'Custom', csr: 'CSR' } as const;

function originView(
  { method, authorizationMethod, ...ssl }: Ssl,
  shape: Switches['sslShape'],
  staging: unknown,
) {
  switch (shape) {
    case 'method':
      return { method, authorizationMethod, staging };
    case 'provider':
      return { provider: method, authorizationMethod, environment: ssl.staging ? 'staging' : 'live' };
    case 'spelled-out':
      return { method: providers[method], authorizationMethod: authorizationMethod?.toUpperCase(), staging };
    case 'id-only':
      return {};
  }
}

/** The private key is one made to be found, should it ever turn up in a log or a ledger. */
export function sslView(ssl: Ssl, { sslFlags, sslShape }: Switches): unknown {
  const flag = (value: boolean) => (sslFlags === 'numbers' ? Number(value) : value);
  return {
    id: ssl.id,
    ...originView(ssl, sslShape, flag(ssl.staging)),
    ssl_protocol_id: ssl.protocolId,
    enableHttp: flag(ssl.enableHttp),
    enableHsts: flag(ssl.enableHsts),
    api_id: null,
    validUntil: dateText(ssl.validUntil),
    renewalDate: dateText(ssl.validUntil - 30 * dayMs),
    privateKey: `private-key-of-ssl-${ssl.id}`,
    certificate: `certificate-of-ssl-${ssl.id}`,
    created_at: dateText(ssl.createdAt),
  };
}
