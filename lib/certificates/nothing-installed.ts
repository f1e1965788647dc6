import type { DomainItem } from '../sync/items.ts';
import type { Asking } from './asking.ts';
import type { CertificateServices } from './services.ts';
import { isTrouble, type Trouble } from './trouble.ts';

const answered = async (
  { runcloudId }: DomainItem,
  { access, certificates }: Asking,
  s: CertificateServices,
): Promise<boolean> => {
  const mode = await s.modes.mode(access.app, s.clock.now(), () => certificates.mode());
  switch (mode) {
    case 'basic':
      return (await certificates.find()) === undefined;
    case 'advanced':
      return runcloudId !== null && (await certificates.find(runcloudId.id)) === undefined;
    // Nothing is ordered there, so there is no order to be waited for.
    case 'autossl':
      return true;
    case 'unknown':
      return false;
  }
};

/**
 * Whether RunCloud itself says that no certificate is installed where a domain's would be. A server without one need not
 * listen at all, and then no handshake ever tells that an order was lost on its way, or that somebody took the domain
 * and its certificate away: silence alone is no reason to order again. `met` is told what kept RunCloud from being asked.
 */
export const hasNothingInstalled = async (
  domain: DomainItem,
  asking: Asking,
  met: (trouble: Trouble) => void,
  s: CertificateServices,
): Promise<boolean> => {
  try {
    return await answered(domain, asking, s);
  } catch (error) {
    if (!isTrouble(error)) throw error;
    met(error);
    return false;
  }
};
