import { isIP } from 'node:net';
import { type DnsVerdict, dnsVerdict } from '../lib/dns.ts';
import { RelayError, Unavailable } from '../lib/errors.ts';
import { runcloudHosting } from '../lib/runcloud/domains.ts';
import { readServer } from '../lib/runcloud/server.ts';
import { isSameApp } from '../lib/sync/claim.ts';
import type { DomainItem } from '../lib/sync/items.ts';
import type { HostedDomain } from '../lib/sync/ports.ts';
import { type ShownCertificate, TlsFailed } from '../lib/tls.ts';
import type { ReadServices, ReadSettings } from './read-services.ts';
import { type ReadSteps, readSteps } from './read-steps.ts';

/** What a step saw, or why it saw nothing, in words for an operator. */
type Seen<T> = T | { readonly error: string };

export interface LiveLook {
  readonly dns: Seen<{ readonly addresses: readonly string[]; readonly verdict: DnsVerdict }>;
  readonly tls: Seen<ShownCertificate>;
  readonly runcloud: Seen<{
    readonly id: number;
    readonly type: HostedDomain['type'] | null;
    readonly www: boolean | null;
  }>;
}

/** A step that could not see. */
class Unseen extends Error {
  override readonly name = 'Unseen';
}

/** Failures we understand become words; anything else is a bug and ends the call. */
const seen = async <T>(step: Promise<T>): Promise<Seen<T>> => {
  try {
    return await step;
  } catch (error) {
    const understood =
      error instanceof Unseen ||
      error instanceof TlsFailed ||
      error instanceof RelayError ||
      error instanceof Unavailable;
    if (!understood) throw error;
    return { error: error.message };
  }
};

const hosted = async (item: DomainItem, settings: ReadSettings, steps: ReadSteps): Promise<HostedDomain> => {
  const hosting = runcloudHosting(steps.runcloud(), settings);
  const { domain, runcloudId } = item;
  const byId =
    runcloudId !== null && isSameApp(runcloudId, settings) ? await hosting.find(runcloudId.id) : undefined;
  if (byId?.name === domain) return byId;
  const { domains, complete } = await hosting.list();
  const row = domains.find(({ name }) => name === domain);
  if (row !== undefined) return row;
  throw new Unseen(
    complete
      ? `The web application has no domain ${domain} of its own`
      : `RunCloud listed its domains incompletely, and ${domain} was not among them`,
  );
};

const inRuncloud = async (item: DomainItem, settings: ReadSettings, steps: ReadSteps) => {
  const { id, type, www } = await hosted(item, settings, steps);
  return { id, type: type ?? null, www: www ?? null };
};

const serverAddress = async ({ serverId }: ReadSettings, steps: ReadSteps): Promise<string> => {
  const { ipAddress } = await readServer(steps.runcloud(), serverId);
  if (ipAddress === undefined || isIP(ipAddress) === 0)
    throw new Unseen(`RunCloud tells no address of server ${serverId}`);
  return ipAddress;
};

/** RunCloud, DNS and the handshake at the same time; only the server's address is waited for. */
export const liveLook = async (
  item: DomainItem,
  settings: ReadSettings,
  services: ReadServices,
): Promise<LiveLook> => {
  const steps = readSteps(settings, services);
  const { domain } = item;
  const address = seen(serverAddress(settings, steps).then((ipAddress) => ({ ipAddress })));

  const dns = async () => {
    const [found, server] = await Promise.all([
      services.resolveAddresses(domain, steps.timeoutMs()),
      address,
    ]);
    const known = 'error' in server ? [] : [server.ipAddress];
    const verdict = dnsVerdict(found, [...known, ...settings.serverAddresses]);
    if (verdict === 'elsewhere' && 'error' in server) {
      throw new Unseen(
        `${domain} points at ${found.addresses.join(', ')}, but the server's own address is not known: ${server.error}`,
      );
    }
    return { addresses: found.addresses, verdict };
  };

  const tls = async () => {
    const server = await address;
    if ('error' in server) throw new Unseen(`The server's address is not known: ${server.error}`);
    return services.probeTls({
      address: server.ipAddress,
      port: services.tlsProbePort,
      servername: domain,
      timeoutMs: steps.timeoutMs(),
    });
  };

  const [seenDns, seenTls, runcloud] = await Promise.all([
    seen(dns()),
    seen(tls()),
    seen(inRuncloud(item, settings, steps)),
  ]);
  return { dns: seenDns, tls: seenTls, runcloud };
};
