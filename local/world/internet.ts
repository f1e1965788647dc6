import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { RuncloudOptions } from '../runcloud/model.ts';
import { type RunningRuncloud, startRuncloud } from '../runcloud/server.ts';
import { runcloudKeeper } from '../runcloud/state/kept.ts';
import type { State } from '../state.ts';
import { type Authority, authorityOf, newAuthority } from './ca/authority.ts';
import { leadsTo } from './ca/leads-to.ts';
import { keepZone, zoneIn } from './dns/kept-zone.ts';
import { type DnsServer, startDnsServer } from './dns/server.ts';
import { type Edge, startEdge } from './edge.ts';

/** What stands for the relay's surroundings: names, a CA, a hosting panel and its servers. */
export interface Internet {
  readonly runcloud: RunningRuncloud;
  /** Knows no name until one is added, but those that were kept. */
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
  readonly state?: State | undefined;
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

const materialSchema = z.object({ cert: z.string(), key: z.string() });

/** The one that issued the certificates that were kept: its clients go on to trust them. */
function authorityIn(state: State | undefined): Authority {
  const room = state?.room('authority');
  const [kept] = room?.entries(materialSchema) ?? [];
  if (kept !== undefined) return authorityOf(kept[1]);
  const authority = newAuthority();
  room?.set('authority', authority.material);
  return authority;
}

async function dnsOf(state: State | undefined): Promise<DnsServer> {
  if (state === undefined) return startDnsServer({ zone: {} });
  const room = state.room('dns');
  return keepZone(await startDnsServer({ zone: zoneIn(room) }), room);
}

export async function startInternet({
  closing,
  state,
  environment = {},
  ...settings
}: Settings): Promise<Internet> {
  const authority = authorityIn(state);
  const caFile = await trustFile(authority, environment.NODE_EXTRA_CA_CERTS, closing);
  const dns = await dnsOf(state);
  closing.defer(() => dns.close());
  const resolvers = environment.DNS_SERVERS ?? dns.address;
  const proxies = new Set<string>();
  const runcloud = await startRuncloud({
    issue: authority.issue,
    resolves: leadsTo({ dnsServers: resolvers.split(',').map((server) => server.trim()), proxies }),
    ...settings.runcloud,
    ...(state === undefined ? {} : { keeper: runcloudKeeper(state.room('runcloud')) }),
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
