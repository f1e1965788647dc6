import type { DnsFinding } from '../../dns/gate.ts';
import { DNS_TIMEOUT_MS, WWW } from '../../sync/ledger/domains/www.ts';
import { inBatches } from '../../sync/ledger/in-batches.ts';
import { certificateKey } from '../../sync/ledger/keys.ts';
import { ifUsable } from '../../sync/ledger/unreadable.ts';
import { DNS_AT_ONCE } from '../checks/check-certificate.ts';
import type { ServerContext } from '../checks/check-terms.ts';
import { isDnsReady } from '../checks/dns-ready.ts';
import { isLedHere } from '../checks/led-here.ts';
import { noteWww } from '../checks/requeue-for-www.ts';
import { unsupportedFix, unsupportedName } from '../checks/unsupported-name.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';
import type { UnreadyName } from './decide.ts';

/** True if `dns_ready` or another pass over the domain can change the finding: not for CAA, and not without an answer. */
function leadsElsewhere(finding: DnsFinding): boolean {
  return finding.kind === 'not-here' && finding.reason !== 'dns-caa' && finding.reason !== 'dns-unanswered';
}

async function isProven(
  network: string,
  name: string,
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<boolean> {
  const stored = await ifUsable(() => ledger.read(certificateKey(network, name)));
  return isDnsReady(stored?.item, clock.now());
}

/** No order can cover such a name, wherever it points. */
function refusedByForm(name: string): UnreadyName[] {
  const why = unsupportedName(name);
  if (why === undefined) return [];
  return [{ name, reason: 'name-unsupported', fix: unsupportedFix(name, why), leadsHere: true }];
}

/**
 * Names that the authority refuses by their form, then names that fail the DNS gate, then names whose DNS gave no answer. `first`: requests are ready for the first time; then a
 * `www.` that leads elsewhere makes its domain due, because the domain can be served without it.
 */
export async function unreadyNames(
  names: readonly string[],
  first: boolean,
  { session, serverContext }: { readonly session: CertificateSession; readonly serverContext: ServerContext },
  s: CertificateServices,
): Promise<UnreadyName[]> {
  const { serverAddresses, dnsTarget } = serverContext;
  // A wildcard has no address to ask for.
  const unsupported = names.flatMap(refusedByForm);
  const asked = names.filter((name) => !name.startsWith('*.') && unsupportedName(name) === undefined);
  const findings = await inBatches(asked, DNS_AT_ONCE, async (name) => {
    const ask = (dnsReady: boolean) =>
      s.dnsGate(name, { serverAddresses, dnsTarget, dnsReady, timeoutMs: DNS_TIMEOUT_MS });
    const finding = await ask(false);
    // `dns_ready` may vouch for the few names that seem to lead elsewhere.
    const ready = leadsElsewhere(finding) && (await isProven(session.network, name, s));
    return { name, finding: ready ? await ask(true) : finding };
  });
  const unready: UnreadyName[] = [];
  const unanswered: UnreadyName[] = [];
  for (const { name, finding } of findings) {
    if (finding.kind !== 'not-here') continue;
    const { reason, fix } = finding;
    const found = { name, reason, fix, leadsHere: isLedHere(finding, serverAddresses) };
    (reason === 'dns-unanswered' ? unanswered : unready).push(found);
    if (first && leadsElsewhere(finding) && name.startsWith(WWW)) {
      await ifUsable(() => noteWww({ network: session.network, domain: name.slice(WWW.length) }, s));
    }
  }
  return [...unsupported, ...unready, ...unanswered];
}
