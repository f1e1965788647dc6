import { type Interruption, isInterruption } from '../interruption.ts';
import type { CertificateServices } from '../services.ts';
import type { Session } from '../session.ts';

async function answered(
  domainId: number | null,
  { access, certificates }: Session,
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
 * Whether RunCloud itself says that no certificate is installed where a domain's would be (`domainId`: its row). A
 * server without one need not listen at all, and then no handshake ever tells that an order was lost on its way, or that
 * somebody took the domain and its certificate away: silence alone is no reason to order again. `met` is told what kept
 * RunCloud from being asked.
 */
export async function hasNothingInstalled(
  domainId: number | null,
  session: Session,
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
