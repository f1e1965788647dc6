import { randomUUID } from 'node:crypto';
import { apiEvent } from '../../test/support/api/api-event.ts';
import { secretOf, signatureHeaders } from '../../test/support/api/sign.ts';

export const NETWORK = 'acme';
const relaySecret = secretOf('the secret of the measured network');

/** The secret of the measured network, as its owner would store it. */
export const secretOfNetwork = {
  WU_RUNCLOUD_API_TOKEN: 'token-of-the-measured-workspace',
  WU_RUNCLOUD_SERVER_ID: '42',
  WU_RUNCLOUD_APP_ID: '7',
  RELAY_SECRET: relaySecret,
};

const paths = { 'domain.added': 'domain-added', 'domain.removed': 'domain-removed' } as const;

/** A signed event about a domain, as the gateway hands it to Lambda. */
function signedCall(domain: string, type: keyof typeof paths = 'domain.added') {
  const nowMs = Date.now();
  const body = JSON.stringify({
    type,
    timestamp: new Date(nowMs).toISOString(),
    data: { domain, siteId: 12, domainId: 34, www: false, native: false },
  });
  return apiEvent({
    routeKey: `POST /{network}/${paths[type]}`,
    path: `/${NETWORK}/${paths[type]}`,
    pathParameters: { network: NETWORK },
    headers: {
      'content-type': 'application/json',
      host: 'relay.example.com',
      'x-forwarded-proto': 'https',
      ...signatureHeaders(body, { secrets: [relaySecret], id: `msg_${randomUUID()}`, nowMs }),
    },
    body,
  });
}

/** Signed events about so many new domains. */
export function signedCalls(count: number, type: keyof typeof paths = 'domain.added') {
  return Array.from({ length: count }, () => signedCall(`${randomUUID().slice(0, 18)}.example.com`, type));
}
