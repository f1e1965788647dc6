import type { DomainItem } from '../../sync/ledger/domain-item.ts';
import { domainKey } from '../../sync/ledger/keys.ts';
import { unlessUnreadable } from '../../sync/ledger/unreadable.ts';
import { updateItem } from '../../sync/ledger/update.ts';
import { makeDueBy } from '../../sync/ledger/work-item.ts';
import type { CertificateServices } from '../services.ts';

/** At rest, or under a lease: a look under way may have asked about `www.` before. Work that only waits will ask by itself. */
function mayMissIt({ state, dueAt, owner }: DomainItem): boolean {
  return owner !== null || (state === 'present' && dueAt === null);
}

/** Whether `www.` is served is the domain's to mend; whoever sees that it should change makes that work due. */
export function noteWww(
  { network, domain }: { readonly network: string; readonly domain: string },
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<void> {
  const now = clock.now();
  return unlessUnreadable(() =>
    updateItem(ledger, domainKey(network, domain), (item) =>
      item?.wanted === 'present' && mayMissIt(item)
        ? { write: { ...item, ...makeDueBy(item, now) }, result: undefined }
        : { result: undefined },
    ),
  );
}
