import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import { startRuncloud } from '../../../local/runcloud/server.ts';
import type { WorkspaceSeed } from '../../../local/runcloud/state/seed.ts';
import type { Switches } from '../../../local/runcloud/state/switches.ts';
import { newAuthority } from '../../../local/world/ca/authority.ts';
import { leadsTo } from '../../../local/world/ca/leads-to.ts';
import { startDnsServer } from '../../../local/world/dns/server.ts';
import { startEdge } from '../../../local/world/edge.ts';

const hourMs = 60 * 60 * 1_000;

/**
 * Names, a CA, RunCloud and its servers on real sockets, in a time of their own. A TLS handshake knows only the
 * machine's clock: what is issued in days to come has to be in force already, so it begins before today.
 */
export async function secureInternet(at: {
  readonly clock: Clock;
  readonly workspace: WorkspaceSeed;
  readonly switches: Partial<Switches>;
}) {
  const closing = new AsyncDisposableStack();
  const authority = newAuthority();
  const dns = await startDnsServer({ zone: {} });
  closing.defer(() => dns.close());
  /** Addresses from which visitors, the CA among them, are handed on to the server. */
  const proxies = new Set<string>();
  const runcloud = await startRuncloud({
    clock: at.clock,
    workspaces: [at.workspace],
    switches: { callsPerMinute: 6_000, ...at.switches },
    issue: (terms) => {
      const notBefore = Math.min(terms.notBefore, Date.now() - hourMs);
      return authority.issue({ ...terms, notBefore });
    },
    resolves: leadsTo({ dnsServers: [dns.address], proxies }),
  });
  closing.defer(() => runcloud.close());
  const edge = await startEdge({
    authority,
    installed: async (name) => (await runcloud.certificateFor(name))?.material,
  });
  closing.defer(() => edge.close());
  return { authority, dns, edge, proxies, runcloud, close: () => closing.disposeAsync() };
}

export type SecureInternet = Awaited<ReturnType<typeof secureInternet>>;
