import { type Interruption, isInterruption } from '../interruption.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';

async function answered(
  domainId: number | null,
  { access, certificates }: CertificateSession,
  s: CertificateServices,
): Promise<boolean> {
  const mode = await s.modes.mode(access.app, s.clock.now(), () => certificates.mode());
  switch (mode) {
    case 'basic':
      return (await certificates.find()) === undefined;
    // RunCloud orders by itself there, for each domain too.
    case 'advanced':
    case 'autossl':
      return domainId !== null && (await certificates.find(domainId)) === undefined;
    case 'unknown':
      return false;
  }
}

/**
 * True if RunCloud says that no certificate is installed for a domain (`domainId`: its row). A server without one need not
 * listen, so no handshake shows that an order was lost, or that the domain and its certificate were removed: silence alone
 * is no reason to order again. `onInterruption` receives what kept the relay from asking RunCloud.
 */
export async function hasNothingInstalled(
  domainId: number | null,
  session: CertificateSession,
  onInterruption: (interruption: Interruption) => void,
  s: CertificateServices,
): Promise<boolean> {
  try {
    return await answered(domainId, session, s);
  } catch (error) {
    if (!isInterruption(error)) throw error;
    onInterruption(error);
    return false;
  }
}
