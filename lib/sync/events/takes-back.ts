import { standingOf } from '../ledger/arrival.ts';
import type { DomainUpdate } from '../ledger/desired-state.ts';
import { domainKey } from '../ledger/keys.ts';
import type { Ledger } from '../ledger/ports.ts';

/** Whether the ledger wants this domain absent, so that an addition takes its removal back, or has recorded this very addition. */
export async function takesBackRemoval(
  ledger: Pick<Ledger, 'read'>,
  { network, domain, version }: Pick<DomainUpdate, 'network' | 'domain' | 'version'>,
): Promise<boolean> {
  const item = (await ledger.read(domainKey(network, domain)))?.item;
  if (item === undefined) return false;
  return item.wanted === 'absent' || standingOf(version, item.version) === 'duplicate';
}
