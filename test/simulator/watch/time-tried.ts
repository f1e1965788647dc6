import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { OwedDeadLetter } from '../../../lib/sync/ledger/items/work-item.ts';
import type { World } from '../world/world.ts';

const MINUTE_MS = 60_000;
/** Clocks of workers differ by less. */
const CLOCKS_MS = MINUTE_MS;

/** How long work must be tried before it may be given up; null: at once. */
function patienceMs({ code }: OwedDeadLetter, { delays }: World): number | null {
  switch (code) {
    case 'internal-error':
    case 'not-announced':
      return null;
    case 'runcloud-refused':
      return delays.refusedMs;
    default:
      return delays.givingUpMs;
  }
}

/** The work that a write gives up too soon. */
export function givenUpTooSoon(
  before: DomainItem | undefined,
  { domain, toSend }: DomainItem,
  world: World,
): string[] {
  const known = new Set(before?.toSend.map(({ id }) => id));
  return toSend
    .filter((owed) => owed.kind === 'dead-letter')
    .filter(({ id }) => !known.has(id))
    .flatMap((deadLetter) => {
      const triedMs = deadLetter.lastFailureAt - deadLetter.firstFailureAt;
      const patience = patienceMs(deadLetter, world);
      if (patience === null || triedMs >= patience - CLOCKS_MS) return [];
      return [`${domain} is given up (${deadLetter.code}) after ${Math.round(triedMs / MINUTE_MS)} minutes`];
    });
}
