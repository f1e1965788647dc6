import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RuncloudOptions } from '../runcloud/model.ts';
import { type RunningRuncloud, startRuncloud } from '../runcloud/server.ts';
import { type Authority, newAuthority } from './ca/authority.ts';
import { leadsTo } from './ca/leads-to.ts';
import { type DnsServer, startDnsServer } from './dns/server.ts';
import { type Edge, startEdge } from './edge.ts';

/** What stands for the relay's surroundings: names, a CA, a hosting panel and its servers. */
export interface Internet {
  readonly runcloud: RunningRuncloud;
  /** Knows no name until one is added. */
  readonly dns: DnsServer;
  /** TLS on every server's address, which is 127.0.0.1 unless a seed says otherwise. */
  readonly edge: Edge;
  readonly authority: Authority;
  /** Addresses from which visitors, the CA among them, are passed on to the servers; callers may add to it. */
  readonly proxies: Set<string>;
  /** What makes a function call this internet, and trust its CA as well as the usual ones. */
  readonly environment: Readonly<Record<'DNS_SERVERS' | 'TLS_PROBE_PORT' | 'NODE_EXTRA_CA_CERTS', string>>;
}

interface Settings {
  readonly runcloud: RuncloudOptions;
  /** What is set from outside: its resolvers and port are used in place of ours, its authorities beside ours. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly closing: AsyncDisposableStack;
}

async function trustFile(
  { certificate }: Authority,
  trusted: string | undefined,
  closing: Settings['closing'],
): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'runcloud-relay-ca-'));
  closing.defer(() => rm(dir, { recursive: true, force: true }));
  const file = join(dir, 'ca.pem');
  // One that cannot be read is left out, as Node does.
  const others = trusted === undefined ? '' : await readFile(trusted, 'utf8').catch(() => '');
  await writeFile(file, `${others}\n${certificate}`);
  return file;
}

export async function startInternet({ closing, environment = {}, ...settings }: Settings): Promise<Internet> {
  const authority = newAuthority();
  const caFile = await trustFile(authority, environment.NODE_EXTRA_CA_CERTS, closing);
  const dns = await startDnsServer({ zone: {} });
  closing.defer(() => dns.close());
  const resolvers = environment.DNS_SERVERS ?? dns.address;
  const proxies = new Set<string>();
  const runcloud = await startRuncloud({
    issue: authority.issue,
    resolves: leadsTo({ dnsServers: resolvers.split(',').map((server) => server.trim()), proxies }),
    ...settings.runcloud,
  });
  closing.defer(() => runcloud.close());
  const edge = await startEdge({
    authority,
    installed: async (name) => (await runcloud.certificateFor(name))?.material,
  });
  closing.defer(() => edge.close());
  return {
    runcloud,
    dns,
    edge,
    authority,
    proxies,
    environment: {
      DNS_SERVERS: resolvers,
      TLS_PROBE_PORT: environment.TLS_PROBE_PORT ?? String(edge.port),
      NODE_EXTRA_CA_CERTS: caFile,
    },
  };
}
