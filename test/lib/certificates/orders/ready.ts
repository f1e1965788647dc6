import type { Ready } from '../../../../lib/certificates/checks/check-certificate.ts';
import { certificateItem, DOMAIN } from '../../../support/sync/items.ts';

/** A request that waits for nothing but its order. */
export function ready(part: Partial<Ready> = {}): Ready {
  return { item: certificateItem(), names: [DOMAIN], domainId: 5, shown: null, silence: null, ...part };
}
