import { isIP } from 'node:net';
import { allEnded } from '../../lib/all-ended.ts';
import { isDnsReady } from '../../lib/certificates/checks/dns-ready.ts';
import type { DnsReason } from '../../lib/dns/gate.ts';
import { RelayError, Unavailable } from '../../lib/errors.ts';
import { runcloudHosting } from '../../lib/runcloud/domains.ts';
import { readServer } from '../../lib/runcloud/server.ts';
import type { CertificateItem } from '../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../lib/sync/ledger/items/domain-item.ts';
import type { HostedDomain } from '../../lib/sync/ledger/runcloud-ports.ts';
import { isSameApp } from '../../lib/sync/ledger/same-app.ts';
import { readListing } from '../../lib/sync/network/listing/listing.ts';
import { TlsFailed } from '../../lib/tls/handshake.ts';
import type { ReadServices } from '../services/read.ts';
import type { ReadSettings } from '../services/secrets.ts';
import { type ReadSteps, readSteps } from './live-client.ts';

/** The result of a step, or why it has none, as a sentence for an operator. */
type StepResult<T> = T | { readonly error: string };

export interface LiveStatus {
  readonly dns: StepResult<{
    readonly addresses: readonly string[];
    readonly verdict: 'here' | 'proxied' | DnsReason;
  }>;
  readonly tls: StepResult<{
    readonly valid: boolean;
    readonly names: readonly string[];
    /** RFC 3339, UTC, milliseconds. */
    readonly notAfter: string | null;
  }>;
  readonly runcloud: StepResult<{
    readonly id: number;
    readonly type: NonNullable<HostedDomain['type']> | null;
    readonly www: boolean | null;
  }>;
}

/** A step that has no result. */
class NoResult extends Error {
  override readonly name = 'NoResult';
}

/** Known failures become sentences; any other is a bug and ends the call. */
async function resultOf<T>(step: Promise<T>): Promise<StepResult<T>> {
  try {
    return await step;
  } catch (error) {
    const understood =
      error instanceof NoResult ||
      error instanceof TlsFailed ||
      error instanceof RelayError ||
      error instanceof Unavailable;
    if (!understood) throw error;
    return { error: error.message };
  }
}

async function hosted(item: DomainItem, settings: ReadSettings, steps: ReadSteps): Promise<HostedDomain> {
  const hosting = runcloudHosting(steps.runcloud(), settings);
  const { domain, runcloudId } = item;
  const byId =
    runcloudId !== null && isSameApp(runcloudId, settings) ? await hosting.find(runcloudId.id) : undefined;
  if (byId?.name === domain) return byId;
  const { domains, complete } = await readListing(hosting);
  const row = domains.find(({ name }) => name === domain);
  if (row !== undefined) return row;
  throw new NoResult(
    complete
      ? `The web application has no domain ${domain} of its own`
      : `RunCloud listed its domains incompletely, and ${domain} was not among them`,
  );
}

async function inRuncloud(item: DomainItem, settings: ReadSettings, steps: ReadSteps) {
  const { id, type, www } = await hosted(item, settings, steps);
  return { id, type: type ?? null, www: www ?? null };
}

async function serverAddress({ serverId }: ReadSettings, steps: ReadSteps): Promise<string> {
  const { ipAddress } = await readServer(steps.runcloud(), serverId);
  if (ipAddress === undefined || isIP(ipAddress) === 0)
    throw new NoResult(`RunCloud tells no address of server ${serverId}`);
  return ipAddress;
}

/** Verdicts that may be wrong when the server's own address is unknown. */
const needsServer: ReadonlySet<string> = new Set<DnsReason>(['dns-mismatch', 'dns-ipv6']);

/** RunCloud, DNS and the handshake at the same time, once the server's address is known. */
export async function liveStatus(
  item: DomainItem,
  certificate: CertificateItem | undefined,
  settings: ReadSettings,
  services: ReadServices,
): Promise<LiveStatus> {
  const steps = readSteps(settings, services);
  const { domain } = item;
  const address = resultOf(serverAddress(settings, steps).then((ipAddress) => ({ ipAddress })));

  /** The gate that a certificate passes, so that both give the same verdict. */
  const dns = async () => {
    const server = await address;
    const known = 'error' in server ? [] : [server.ipAddress];
    const finding = await services.dnsGate(domain, {
      serverAddresses: [...known, ...settings.serverAddresses],
      dnsTarget: settings.dnsTarget,
      // It admits names with unknown addresses; without the server's address that would be every name.
      dnsReady: !('error' in server) && isDnsReady(certificate, services.clock.now()),
      timeoutMs: steps.timeoutMs(),
    });
    const { addresses } = finding;
    const verdict = finding.kind === 'not-here' ? finding.reason : finding.kind;
    if ('error' in server && needsServer.has(verdict)) {
      throw new NoResult(
        `${domain} points at ${addresses.join(', ')}, but the server's own address is not known: ${server.error}`,
      );
    }
    return { addresses, verdict };
  };

  const tls = async () => {
    const server = await address;
    if ('error' in server) throw new NoResult(`The server's address is not known: ${server.error}`);
    const { valid, names, notAfter } = await services.handshake({
      address: server.ipAddress,
      port: services.tlsProbePort,
      servername: domain,
      signal: AbortSignal.timeout(steps.timeoutMs()),
    });
    return { valid, names, notAfter: notAfter?.toISOString() ?? null };
  };

  const [dnsResult, tlsResult, runcloud] = await allEnded([
    resultOf(dns()),
    resultOf(tls()),
    resultOf(inRuncloud(item, settings, steps)),
  ]);
  return { dns: dnsResult, tls: tlsResult, runcloud };
}
