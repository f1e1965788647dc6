import { type Finding, ok, warning } from '../../../lib/connection/check.ts';
import type { HostedDomain } from '../../../lib/sync/ledger/runcloud-ports.ts';

const SHOWN = 3;

/**
 * Traces of Ultimate Multisite's own RunCloud integration: it adds each row with a redirection, which the relay never does
 * (docs/external-systems.md). WordPress alone knows whether it is on.
 */
export function stockFinding(rows: readonly HostedDomain[]): Finding {
  const traces = rows.filter(({ type, redirection }) => type === 'alias' && redirection === 'non-www');
  if (traces.length === 0) return ok("No row looks as Ultimate Multisite's own RunCloud integration adds it");
  const names = traces.slice(0, SHOWN).map(({ name }) => name);
  const more = traces.length > SHOWN ? ` and ${traces.length - SHOWN} more` : '';
  return warning(
    `Rows that redirect as Ultimate Multisite's own RunCloud integration adds them: ${names.join(', ')}${more}`,
    'If they are new, that integration is still on: turn it off in the network admin, Runcloud Relay shows a button. Old ones may stay',
  );
}
