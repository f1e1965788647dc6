import { configOf } from '../../lib/config.ts';
import type { DnsGate } from '../../lib/dns/gate.ts';
import { once } from '../../lib/once.ts';
import type { Secrets } from '../../lib/settings/settings.ts';
import type { Handshake } from '../../lib/tls/handshake.ts';
import { type CommonServices, commonServices, commonVariables } from './common.ts';
import { type ReadSettings, readSettings, secretsOf } from './secrets.ts';

/** How long a person waits: for one step, and for all of them. */
export interface ReadLimits {
  readonly stepMs: number;
  readonly totalMs: number;
}

/** What a read works with, built once per cold start. */
export interface ReadServices extends CommonServices {
  readonly secrets: Secrets<ReadSettings>;
  readonly runcloudUrl: string;
  readonly limits: ReadLimits;
  readonly dnsGate: DnsGate;
  readonly handshake: Handshake;
  readonly tlsProbePort: number;
}

/** Built at the first call; clients and kept secrets live as long as the process. */
export const readServices = once(async (): Promise<ReadServices> => {
  const config = configOf(
    process.env,
    ...commonVariables,
    'SECRET_PREFIX',
    'RUNCLOUD_URL',
    'DNS_SERVERS',
    'TLS_PROBE_PORT',
  );
  return {
    ...commonServices(config),
    secrets: secretsOf(config.SECRET_PREFIX, readSettings, { limited: true }),
    runcloudUrl: config.RUNCLOUD_URL,
    // The gateway gives up after 30 s; the rest is for the ledger and a cold start.
    limits: { stepMs: 6_000, totalMs: 25_000 },
    dnsGate: async (name, terms) => {
      const { dnsGate } = await import('../../lib/dns/gate.ts');
      return dnsGate(config.DNS_SERVERS)(name, terms);
    },
    handshake: async (target) => {
      const { handshake } = await import('../../lib/tls/handshake.ts');
      return handshake(target);
    },
    tlsProbePort: config.TLS_PROBE_PORT,
  };
});
