import type { Problem } from '../../../functions/http/problem.ts';
import type { SentEvent } from '../world/api-calls.ts';
import { protectedSince } from '../world/runcloud/protected-domains.ts';
import { skewOf } from '../world/workers/cached-secrets.ts';
import { START, type World } from '../world/world.ts';

/** After that the API handler may have forgotten later updates. */
const TOO_OLD_MS = 30 * 24 * 60 * 60_000;
/** A secret that was missing is unknown to an API handler for a minute more, and the API handler's own call takes its time. */
const UNKNOWN_FOR_MS = 3 * 60_000;

function wasMissing({ scenario: { incident }, scheduler }: World): boolean {
  return (
    incident?.kind === 'missing' &&
    scheduler.now() < START + (incident.from + incident.lasts) * 1_000 + UNKNOWN_FOR_MS
  );
}

/** What a problem means to the sender of an update. `bug`: no API handler may answer so. */
export function meaningOf(
  { type }: Problem,
  { timestamp, data }: SentEvent,
  world: World,
  host: number,
): 'too old' | 'protected' | 'send again' | 'bug' {
  const now = world.scheduler.now() + skewOf(world, host);
  if (type === 'unavailable') return 'send again';
  if (type === 'unauthorized' && wasMissing(world)) return 'send again';
  if (type === 'too-old' && Date.parse(timestamp) < now - TOO_OLD_MS) return 'too old';
  return type === 'protected-domain' && protectedSince(world, data.domain) !== undefined
    ? 'protected'
    : 'bug';
}
