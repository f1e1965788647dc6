import { certificateKey, domainKey, networkKey, type WorkKind } from '../../../lib/sync/ledger/keys.ts';
import { wasOutOfUse } from '../world/incidents/item-faults.ts';
import { NETWORK, type World } from '../world/world.ts';

/** A message may have been lost, and the sweep sends the next one half an hour later. A pass may then be slow. */
const LONGEST_MS = 2 * 60 * 60_000;

const WWW = 'www.';

const KINDS: readonly WorkKind[] = ['domain', 'network', 'certificate'];

/** What is due for long in a world where nothing keeps it, whatever is wrong with other items. */
export function overdue(world: World): string[] {
  const { ledger, scheduler } = world;
  // Every pass reads the network's item.
  if (wasOutOfUse(world, networkKey(NETWORK), scheduler.now() - LONGEST_MS)) return [];
  const waitsForItem = (name: string): boolean => {
    const sibling = name.startsWith(WWW) ? name.slice(WWW.length) : WWW + name;
    const keys = [domainKey(NETWORK, name), certificateKey(NETWORK, name), domainKey(NETWORK, sibling)];
    return keys.some((key) => wasOutOfUse(world, key, scheduler.now() - LONGEST_MS));
  };
  const { requeueSkipped = [] } = ledger.peek(networkKey(NETWORK)) ?? {};
  const requeueWaits = requeueSkipped.length > 0 && requeueSkipped.every(waitsForItem);
  const kinds = world.ssl === null ? KINDS.slice(0, 2) : KINDS;
  const due = kinds.map((kind) => ledger.scheduled(kind, Number.POSITIVE_INFINITY));
  return (
    due
      .flat()
      .filter(({ network }) => network === NETWORK)
      // A domain's end writes its certificate's item and its sibling before, a certificate's end its domain.
      .filter(({ item }) => !waitsForItem(item.slice(item.indexOf('#') + 1)))
      .filter(({ item }) => item !== networkKey(NETWORK).item || !requeueWaits)
      .filter(({ dueAt }) => dueAt !== null && dueAt < scheduler.now() - LONGEST_MS)
      .map(({ item }) => `${item} is due for hours, and no pass comes`)
  );
}
