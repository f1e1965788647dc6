import type { DnsFinding } from '../../dns/gate.ts';
import { inBatches } from '../../sync/ledger/in-batches.ts';
import { certificateKey } from '../../sync/ledger/keys.ts';
import { unlessUnreadable } from '../../sync/ledger/unreadable.ts';
import { DNS_TIMEOUT_MS, WWW } from '../../sync/ledger/www.ts';
import { DNS_AT_ONCE, type ServerContext } from '../checks/check-certificate.ts';
import { isDnsReady } from '../checks/dns-ready.ts';
import { noteWww } from '../checks/requeue-for-www.ts';
import type { CertificateServices } from '../services.ts';
import type { Session } from '../session.ts';
import type { UnreadyName } from './decide.ts';

/** What CAA forbids, or nobody answers, neither the multisite's word nor another look at the domain would change. */
function leadsElsewhere(finding: DnsFinding): boolean {
  return finding.kind === 'not-here' && finding.reason !== 'dns-caa' && finding.reason !== 'dns-unanswered';
}

async function isProven(
  network: string,
  name: string,
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<boolean> {
  const stored = await unlessUnreadable(() => ledger.read(certificateKey(network, name)));
  return isDnsReady(stored?.item, clock.now());
}

/**
 * Those of the names that the gate does not let pass; behind them those that nobody answered for, perhaps for a moment
 * only. `first`: requests are ready for the first time; then a `www.` that leads elsewhere is noted, for its domain can be
 * served without it.
 */
export async function unreadyNames(
  names: readonly string[],
  first: boolean,
  { session, serverContext }: { readonly session: Session; readonly serverContext: ServerContext },
  s: CertificateServices,
): Promise<UnreadyName[]> {
  const { serverAddresses, dnsTarget } = serverContext;
  // A wildcard has no address to ask for.
  const asked = names.filter((name) => !name.startsWith('*.'));
  const found = await inBatches(asked, DNS_AT_ONCE, async (name) => {
    const ask = (dnsReady: boolean) =>
      s.dnsGate(name, { serverAddresses, dnsTarget, dnsReady, timeoutMs: DNS_TIMEOUT_MS });
    const finding = await ask(false);
    // The multisite may have said otherwise of those few that seem to lead elsewhere.
    const ready = leadsElsewhere(finding) && (await isProven(session.network, name, s));
    return { name, finding: ready ? await ask(true) : finding };
  });
  const unready: UnreadyName[] = [];
  const unanswered: UnreadyName[] = [];
  for (const { name, finding } of found) {
    if (finding.kind !== 'not-here') continue;
    (finding.reason === 'dns-unanswered' ? unanswered : unready).push({ name, fix: finding.fix });
    if (first && leadsElsewhere(finding) && name.startsWith(WWW)) {
      await noteWww({ network: session.network, domain: name.slice(WWW.length) }, s);
    }
  }
  return [...unready, ...unanswered];
}
