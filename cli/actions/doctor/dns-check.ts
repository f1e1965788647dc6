import { type Finding, ok, remarked, warning } from '../../../lib/connection/check.ts';
import { dnsGate } from '../../../lib/dns/gate.ts';
import type { NetworkSettings } from '../../../lib/settings/settings.ts';

const TIMEOUT_MS = 5_000;

/** Whether the network's own names lead to the server. A certificate authority comes the same way. */
export async function protectedDnsFinding(
  { protectedDomains, serverAddresses, dnsTarget }: NetworkSettings,
  serverAddress: string | undefined,
  dnsServers: readonly string[],
): Promise<Finding> {
  if (protectedDomains.length === 0) return warning('No name to look up: PROTECTED_DOMAINS is empty', null);
  const addresses = [...(serverAddress === undefined ? [] : [serverAddress]), ...serverAddresses];
  if (addresses.length === 0) {
    return warning(
      'The address of the server is not known yet',
      'Run this again once a domain was secured, or set SERVER_ADDRESSES',
    );
  }
  const gate = dnsGate(dnsServers);
  const terms = { serverAddresses: addresses, dnsTarget, dnsReady: false, timeoutMs: TIMEOUT_MS };
  const found = await Promise.all(
    protectedDomains.map(async (name) => ({ name, finding: await gate(name, terms) })),
  );
  const remarks = found.flatMap(({ name, finding }) =>
    finding.kind === 'not-here' ? [warning(`${name}: ${finding.reason}`, finding.fix)] : [],
  );
  const here = found.length - remarks.length;
  return remarks.length === 0
    ? ok(`All ${here} of PROTECTED_DOMAINS lead to the server`)
    : remarked(`${here} of ${found.length} PROTECTED_DOMAINS lead to the server`, remarks);
}
