import type { Pause } from '../sync/ledger/network-item.ts';
import { toInstant } from '../sync/ledger/time.ts';
import { type Finding, ok, passed, remarked, warning } from './check.ts';

/** The secret is already parsed. The check reports whether its owner or an earlier fault of it pauses the network. */
export function secretFinding(paused: boolean, pause: Pause | null): Finding {
  const complete = 'The secret is complete';
  const since = pause === null ? '' : ` since ${pause.since}`;
  if (paused) {
    const detail = `PAUSED is true${pause?.code === 'paused' ? since : ''}: events are accepted, nothing is written to RunCloud`;
    return remarked(complete, [warning(detail, 'Remove PAUSED from the secret, or set it to false')]);
  }
  if (pause?.code === 'paused' || pause?.code === 'secret-invalid') {
    const detail = `The network is paused${since} (${pause.code}) and has not noticed yet that the secret is fixed`;
    return remarked(complete, [warning(detail, resumes(pause))]);
  }
  return ok(complete);
}

function resumes({ probeAt }: Pause): string {
  return `It resumes by itself as soon as a domain succeeds; it tries one not before ${toInstant(probeAt)}`;
}

/** Adds to the token's finding that a failure at RunCloud pauses the network. */
export function withPause(finding: Finding, pause: Pause | null): Finding {
  if (pause === null || pause.code === 'paused' || pause.code === 'secret-invalid') return finding;
  const detail = `${finding.detail}. The network is paused since ${pause.since} (${pause.code}): ${pause.message}`;
  if (!passed(finding)) return { ...finding, detail };
  return warning(detail, resumes(pause));
}
