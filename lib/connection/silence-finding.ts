import { toInstant } from '../sync/ledger/time.ts';
import { type Finding, warning } from './check.ts';

/** `since`: when port 443 of the server stopped answering the relay's handshakes; null: it answers. */
export function withSilence(finding: Finding, since: number | null): Finding {
  if (since === null) return finding;
  const silent = `Port 443 of the server has not answered the relay since ${toInstant(since)}, so no certificate can be seen`;
  const fix =
    'Open port 443 of the server for the relay, in its firewall and in the network of the functions';
  return warning(`${finding.detail}. ${silent}`, finding.fix === null ? fix : `${finding.fix}. ${fix}`);
}
