import { change } from '../sync/change.ts';
import { domainKey } from '../sync/items.ts';
import { makeDue } from '../sync/schedule.ts';
import type { CertificateServices } from './services.ts';

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
