import { dateText } from '../http/replies.ts';
import type { Ssl } from '../state/state.ts';
import type { Switches } from '../state/switches.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** The private key is one made to be found, should it ever turn up in a log or a ledger. */
export function sslView(ssl: Ssl, { sslFlags }: Switches): unknown {
  const flag = (value: boolean) => (sslFlags === 'numbers' ? Number(value) : value);
  return {
    id: ssl.id,
    method: ssl.method,
    ssl_protocol_id: ssl.protocolId,
    enableHttp: flag(ssl.enableHttp),
    enableHsts: flag(ssl.enableHsts),
    authorizationMethod: ssl.authorizationMethod,
    staging: flag(ssl.staging),
    api_id: null,
    validUntil: dateText(ssl.validUntil),
    renewalDate: dateText(ssl.validUntil - 30 * dayMs),
    privateKey: `private-key-of-ssl-${ssl.id}`,
    certificate: `certificate-of-ssl-${ssl.id}`,
    created_at: dateText(ssl.createdAt),
  };
}
