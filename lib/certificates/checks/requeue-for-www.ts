import { domainKey } from '../../sync/ledger/items.ts';
import { change } from '../../sync/ledger/update.ts';
import { makeDue } from '../../sync/ledger/work-item.ts';
import type { CertificateServices } from '../services.ts';

/** Whether `www.` is served is the domain's to mend; whoever sees that it should change makes that work due. */
export const noteWww = (
  { network, domain }: { readonly network: string; readonly domain: string },
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<void> => {
  const now = clock.now();
  return change(ledger, domainKey(network, domain), (item) =>
    item?.wanted === 'present' && item.state === 'present' && item.dueAt === null
      ? { write: { ...item, ...makeDue(item, now, now) }, result: undefined }
      : { result: undefined },
  );
};
