import { randomUUID } from 'node:crypto';
import { secretOf, signatureHeaders } from '../support/api/sign.ts';
import type { Call } from './calls/gateway-event.ts';

/** The network that the deployed relay serves, as an operator would have it. */
export const network = 'acme';
const serverId = 42;
export const appId = 7;
/** Where the network moves to. */
export const nextAppId = 8;
export const ownDomain = 'network.example.com';
/** Primary in RunCloud, and forgotten in the secret. */
export const oldPrimary = 'acme-bikes.example.org';
/** An alias that no event has ever named. */
export const byHand = 'by-hand.example.org';

const token = 'token-of-the-deployed-workspace-0123456789';
const relaySecret = secretOf('the relay secret of the deployed network');

export function secret(app: number): Record<string, string> {
  return {
    WU_RUNCLOUD_API_TOKEN: token,
    WU_RUNCLOUD_SERVER_ID: String(serverId),
    WU_RUNCLOUD_APP_ID: String(app),
    RELAY_SECRET: relaySecret,
    RELAY_READ_TOKEN: 'read-token-of-the-deployed-network-0123456789',
    RELAY_HOOK_TOKEN: 'hook-token-of-the-deployed-network-0123456789',
    PROTECTED_DOMAINS: ownDomain,
    REMOVAL_GRACE_MINUTES: '0',
  };
}

/** What no log may contain. */
export const unspeakable: readonly string[] = Object.entries(secret(appId))
  .filter(([key]) => /TOKEN|SECRET/.test(key))
  .map(([, value]) => value.replace(/^whsec_/, ''));

/** RunCloud's side of it. */
export const workspace = {
  tokens: [token],
  servers: [
    {
      id: serverId,
      ipAddress: '127.0.0.1',
      apps: [
        {
          id: appId,
          // One order for each domain: no other name of the application has to be reached.
          advancedSSL: true,
          domains: [
            { name: ownDomain, type: 'primary' as const },
            { name: oldPrimary, type: 'primary' as const },
            { name: byHand },
            { name: `*.${ownDomain}` },
          ],
        },
        { id: nextAppId, domains: [{ name: 'next.example.com', type: 'primary' as const }] },
      ],
    },
  ],
};

const apis = {
  'domain.added': 'domain-added',
  'domain.removed': 'domain-removed',
  'domain.ssl_retry': 'ssl-retry',
};

/** A signed event, as a multisite's plugin sends it. */
export function event(type: keyof typeof apis, domain: string, data: object = {}): Call {
  const now = new Date();
  const body = JSON.stringify({ type, timestamp: now.toISOString(), data: { domain, www: false, ...data } });
  const signed = signatureHeaders(body, {
    secrets: [relaySecret],
    id: `msg_${randomUUID()}`,
    nowMs: now.getTime(),
  });
  return {
    routeKey: `POST /{network}/${apis[type]}`,
    path: `/${network}/${apis[type]}`,
    headers: { 'content-type': 'application/json', ...signed },
    body,
  };
}

/** What Ultimate Multisite's own webhook sends. */
export function builtIn(domain: string): Call {
  return {
    routeKey: 'POST /{network}/hooks/{token}/domain-created',
    path: `/${network}/hooks/${secret(appId).RELAY_HOOK_TOKEN}/domain-created`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      domain_id: 901,
      domain_domain: domain,
      domain_site_id: 12,
      domain_date_created: new Date(Date.now() - 5_000).toISOString().slice(0, 19).replace('T', ' '),
      customer_email: 'nobody@example.org',
    }),
  };
}

/** A question of an operator. */
export function question(routeKey: string, path: string, query?: Record<string, string>): Call {
  return {
    routeKey,
    path: `/${network}${path}`,
    headers: { authorization: `Bearer ${secret(appId).RELAY_READ_TOKEN}` },
    ...(query === undefined ? {} : { query }),
  };
}
