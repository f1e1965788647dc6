import { WWW } from '../sync/www.ts';
import type { AppLook } from './basic.ts';
import { DNS_AT_ONCE, DNS_TIMEOUT_MS } from './examine.ts';
import { inChunks } from './in-chunks.ts';
import { noteWww } from './note-www.ts';
import type { BadName } from './order-decision.ts';
import type { CertificateServices } from './services.ts';

/**
 * Those of the names that the gate does not let pass; behind them those that nobody answered for, perhaps for a moment only. `first`: wishes are ready for the first time; then a `www.` that
 * leads elsewhere is noted, for its domain can be served without it.
 */
export const badNames = async (
  names: readonly string[],
  first: boolean,
  { asking, around, wishes }: Pick<AppLook, 'asking' | 'around' | 'wishes'>,
  s: CertificateServices,
): Promise<BadName[]> => {
  const { serverAddresses, dnsTarget } = around;
  // A wildcard has no address to ask for.
  const asked = names.filter((name) => !name.startsWith('*.'));
  const found = await inChunks(asked, DNS_AT_ONCE, async (name) => {
    const dnsReady = wishes.get(name)?.retryReason === 'dns_ready';
    const terms = { serverAddresses, dnsTarget, dnsReady, timeoutMs: DNS_TIMEOUT_MS };
    return { name, finding: await s.dnsGate(name, terms) };
  });
  const bad: BadName[] = [];
  const unanswered: BadName[] = [];
  for (const { name, finding } of found) {
    if (finding.kind !== 'not-here') continue;
    (finding.reason === 'dns-unanswered' ? unanswered : bad).push({ name, fix: finding.fix });
    // What CAA forbids, or nobody answers, another look at the domain would not change.
    const leadsElsewhere = finding.reason !== 'dns-caa' && finding.reason !== 'dns-unanswered';
    if (first && leadsElsewhere && name.startsWith(WWW)) {
      await noteWww({ network: asking.network, domain: name.slice(WWW.length) }, s);
    }
  }
  return [...bad, ...unanswered];
};
