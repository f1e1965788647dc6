import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Authority, newAuthority } from './ca/authority.ts';
import { leadsTo } from './ca/leads-to.ts';
import type { closers } from './closers.ts';
import { type DnsServer, startDnsServer } from './dns/server.ts';
import { type Edge, startEdge } from './edge/edge.ts';
import type { RuncloudOptions } from './runcloud/model.ts';
import { type RunningRuncloud, startRuncloud } from './runcloud/server.ts';

/** What stands for the world the relay works in: names, a CA, a hosting panel and the servers behind it. */
export interface Internet {
  readonly runcloud: RunningRuncloud;
  /** Knows no name until it is told one. */
  readonly dns: DnsServer;
  /** TLS on every server's address, which is 127.0.0.1 unless a seed says otherwise. */
  readonly edge: Edge;
  readonly authority: Authority;
  /** Addresses from which visitors, the CA among them, are handed on to the servers; to be added to. */
  readonly proxies: Set<string>;
  /** What makes a function look here. */
  readonly environment: Readonly<Record<'DNS_SERVERS' | 'TLS_PROBE_PORT' | 'NODE_EXTRA_CA_CERTS', string>>;
}

interface Settings {
  readonly runcloud: RuncloudOptions;
  /** `ip:port,…`, asked in place of our own resolver. */
  readonly dnsServers: string | undefined;
  readonly closing: ReturnType<typeof closers>;
}

const writtenDown = async ({ certificate }: Authority, closing: Settings['closing']): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'runcloud-relay-ca-'));
  closing.add(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'ca.pem');
  await writeFile(file, certificate);
  return file;
};

export const startInternet = async ({ closing, ...settings }: Settings): Promise<Internet> => {
  const authority = newAuthority();
  const caFile = await writtenDown(authority, closing);
  const dns = await startDnsServer({ zone: {} });
  closing.add(() => dns.close());
  const proxies = new Set<string>();
  const dnsServers = settings.dnsServers?.split(',').map((server) => server.trim()) ?? [dns.address];
  const runcloud = await startRuncloud({
    issue: authority.issue,
    resolves: leadsTo({ dnsServers, proxies }),
    ...settings.runcloud,
  });
  closing.add(() => runcloud.close());
  const edge = await startEdge({
    authority,
    installed: async (name) => (await runcloud.certificateFor(name))?.material,
  });
  closing.add(() => edge.close());
  return {
    runcloud,
    dns,
    edge,
    authority,
    proxies,
    environment: {
      DNS_SERVERS: dns.address,
      TLS_PROBE_PORT: String(edge.port),
      NODE_EXTRA_CA_CERTS: caFile,
    },
  };
};
