import { isRestoredPause, type Pause } from '../sync/ledger/items/network-item.ts';
import { toInstant } from '../sync/ledger/time.ts';
import { type Finding, ok, passed, remarked, warning } from './check.ts';

/** Whether the secret itself began the pause. One that is right by now ends it with the next probe. */
export function isSecretPause({ code }: Pick<Pause, 'code'>): boolean {
  return code === 'paused' || code === 'secret-invalid';
}

/** The secret is already parsed. The check reports whether its owner or an earlier fault of it pauses the network. */
export function secretFinding(paused: boolean, pause: Pause | null): Finding {
  const complete = 'The secret is complete';
  if (pause !== null && isRestoredPause(pause)) return restoredFinding(complete, paused, pause);
  const since = pause === null ? '' : ` since ${pause.since}`;
  if (paused) return remarked(complete, [byOwner(pause?.code === 'paused' ? since : '')]);
  if (pause !== null && isSecretPause(pause)) {
    const detail = `The network is paused${since} (${pause.code}) and has not noticed yet that the secret is fixed`;
    return remarked(complete, [warning(detail, resumes(pause))]);
  }
  return ok(complete);
}

function byOwner(since: string): Finding {
  const detail = `PAUSED is true${since}: events are accepted, nothing is written to RunCloud`;
  return warning(detail, 'Remove PAUSED from the secret, or set it to false');
}

/** It ends by an operator's command, which also sets PAUSED to false. */
function restoredFinding(complete: string, paused: boolean, { since, code, message }: Pause): Finding {
  const fix =
    "Say what is true by now (relay sync with the multisite's list and --remove-missing), then run relay network resume";
  const restored = warning(`The network is paused since ${since} (${code}). ${message}`, fix);
  return remarked(complete, paused ? [byOwner(''), restored] : [restored]);
}

function resumes({ probeAt }: Pause): string {
  return `It resumes by itself as soon as a domain succeeds; it tries one not before ${toInstant(probeAt)}`;
}

/** Adds to the token's finding that a failure at RunCloud pauses the network. */
export function withPause(finding: Finding, pause: Pause | null): Finding {
  // `secretFinding` tells the pauses that RunCloud's answers have not begun.
  if (pause === null || isSecretPause(pause) || isRestoredPause(pause)) return finding;
  const detail = `${finding.detail}. The network is paused since ${pause.since} (${pause.code}): ${pause.message}`;
  if (!passed(finding)) return { ...finding, detail };
  return warning(detail, resumes(pause));
}
