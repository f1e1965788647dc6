import { MOST_CRASHES } from '../../../../lib/sync/ledger/errors.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { World } from '../../world/world.ts';

/** An item whose passes are counted. */
type Counted = Pick<DomainItem | CertificateItem, 'owner' | 'crashes' | 'state'>;

/**
 * Notes a lease that is taken over from a worker that has not released it: only that may count as a crash. A pass that has come
 * back, and has had its answer, ends the run of them.
 */
export function noteTakeover(
  { takeovers }: Pick<World, 'takeovers'>,
  item: string,
  before: Pick<Counted, 'owner'> | undefined,
  after: Counted,
): void {
  const owner = before?.owner ?? null;
  if (owner === null || owner === after.owner) return;
  if (after.owner !== null) takeovers.set(item, (takeovers.get(item) ?? 0) + 1);
  // What gives up a certificate starts its count again.
  else if (after.crashes === 0 && after.state !== 'failed') takeovers.delete(item);
}

/** Whether so many passes over an item may have crashed in a row that giving it up is right. */
export function mayHaveCrashed({ takeovers }: Pick<World, 'takeovers'>, item: string): boolean {
  return (takeovers.get(item) ?? 0) >= MOST_CRASHES;
}
