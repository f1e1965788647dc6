import { Unavailable } from '../errors.ts';
import { change } from '../sync/change.ts';
import { LeaseLost } from '../sync/errors.ts';
import { certificateKey, networkKey } from '../sync/items.ts';
import { reopenedCertificate } from '../sync/letters.ts';
import { giveBackAppLease, takeAppLease } from './app-lease.ts';
import { CertificatesLook, WISH_NEEDS_MS } from './look.ts';
import type { CertificateServices } from './services.ts';

export interface CertificatesWork {
  readonly network: string;
  /** Set when a dead letter was moved back: the domain and the revision it tells of. */
  readonly domain?: string | undefined;
  readonly letter?: number | undefined;
}

/** False: somebody else is at it, or nothing was due. */
const lookOnce = async (
  network: string,
  deadlineAt: number,
  seen: Map<string, number>,
  s: CertificateServices,
): Promise<boolean> => {
  const key = networkKey(network);
  const owner = s.newOwner();
  const terms = { owner, now: s.clock.now(), leaseMs: s.leaseMs };
  const stored = await change(s.ledger, key, takeAppLease(network, terms));
  if (stored === undefined) return false;
  try {
    return await new CertificatesLook(network, owner, deadlineAt, s).run(stored, seen);
  } catch (error) {
    if (error instanceof LeaseLost) return false;
    throw error;
  } finally {
    // A lease that cannot be given back ends by itself.
    await change(s.ledger, key, giveBackAppLease(owner)).catch(() => undefined);
  }
};

/**
 * Looks at the certificates of one network until nothing is due: orders what is ready, proves what was ordered, and
 * writes down where each one stands. One worker per web application; whoever comes second leaves it to the first, who
 * looks once more for what was wished meanwhile. Throws what it does not understand.
 *
 * @param deadlineAt when the function that runs this is stopped, in milliseconds since the epoch
 */
export const lookAtCertificates = async (
  { network, domain, letter }: CertificatesWork,
  deadlineAt: number,
  s: CertificateServices,
): Promise<void> => {
  if (domain !== undefined && letter !== undefined) {
    const now = s.clock.now();
    await change(s.ledger, certificateKey(network, domain), (item) => reopenedCertificate(item, letter, now));
  }
  const seen = new Map<string, number>();
  try {
    while (await lookOnce(network, deadlineAt, seen, s)) {
      if (s.clock.now() > deadlineAt - WISH_NEEDS_MS) return;
    }
  } catch (error) {
    // A neighbour of ours that is away is nothing to redeliver for: the sweep comes back to it.
    if (!(error instanceof Unavailable)) throw error;
  }
};
