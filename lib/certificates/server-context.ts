import { RelayError } from '../errors.ts';
import { NotBefore } from '../sync/ledger/errors.ts';
import type { NetworkItem } from '../sync/ledger/items/network-item.ts';
import { movedAddressOf, serverAddressOf } from '../sync/network/server-address.ts';
import type { ServerContext } from './checks/check-terms.ts';
import { ServerAddressUnknown } from './errors.ts';
import { type Interruption, isInterruption } from './interruption.ts';
import type { CertificateServices } from './services.ts';
import { type CertificateSession, openCertificateSession } from './session.ts';

export type ServerAccess =
  | {
      readonly session: CertificateSession;
      readonly serverContext: ServerContext;
      /** The same where the server is now; undefined: it has not moved. Throws what a call to RunCloud throws. */
      readonly moved: () => Promise<ServerContext | undefined>;
      readonly interruption?: undefined;
    }
  | { readonly session: CertificateSession | undefined; readonly interruption: Interruption };

/**
 * A credential that RunCloud does not accept may have been rotated since it was read. With another one the pass is made
 * again, and the network is not paused.
 */
export async function withRotatedCredential(
  interruption: Interruption,
  session: Pick<CertificateSession, 'rotated'> | undefined,
  { clock }: Pick<CertificateServices, 'clock'>,
): Promise<Interruption> {
  const rejected = interruption instanceof RelayError && interruption.code === 'runcloud-unauthorized';
  if (!rejected || session === undefined) return interruption;
  try {
    const rotated = await session.rotated();
    return rotated === undefined ? interruption : new NotBefore(clock.now());
  } catch (error) {
    if (isInterruption(error)) return error;
    throw error;
  }
}

/** The session with RunCloud and the server to check against, or what kept the relay from opening them. */
export async function openServerContext(
  network: string,
  stored: NetworkItem | undefined,
  deadlineAt: number,
  s: CertificateServices,
): Promise<ServerAccess> {
  let session: CertificateSession | undefined;
  try {
    session = await openCertificateSession(network, stored, deadlineAt, s);
    const { access, certificates } = session;
    const at = { network, stored, access };
    const serverAddress = await serverAddressOf(at, certificates, s);
    const { app, serverAddresses, dnsTarget } = access;
    if (serverAddress === undefined) throw new ServerAddressUnknown(app.serverId);
    const contextOf = (address: string): ServerContext => ({
      serverAddress: address,
      serverAddresses: [address, ...serverAddresses],
      dnsTarget,
    });
    const moved = async () => {
      const address = await movedAddressOf(at, certificates, s);
      return address === undefined ? undefined : contextOf(address);
    };
    return { session, serverContext: contextOf(serverAddress), moved };
  } catch (error) {
    if (!isInterruption(error)) throw error;
    return { session, interruption: await withRotatedCredential(error, session, s) };
  }
}
