import { RelayError } from '../errors.ts';
import { NotBefore } from '../sync/ledger/errors.ts';
import type { NetworkItem } from '../sync/ledger/items.ts';
import { ensureAccess, readAfterRefusal } from '../sync/network/access.ts';
import { serverAddressOf } from '../sync/network/server-address.ts';
import type { Surroundings } from './checks/check-certificate.ts';
import { ServerAddressUnknown } from './errors.ts';
import { type Interruption, isInterruption } from './interruption.ts';
import type { CertificateServices } from './services.ts';
import { type Asking, openWay } from './session.ts';

export type Way =
  | { readonly asking: Asking; readonly around: Surroundings; readonly interruption?: undefined }
  | { readonly asking: Asking | undefined; readonly interruption: Interruption };

/**
 * A credential that RunCloud does not accept may have been rotated since it was read: with another one, the look is
 * made again instead of the network put to rest.
 */
export const unlessRotated = async (
  interruption: Interruption,
  asking: Asking | undefined,
  deadlineAt: number,
  { networks, clock }: CertificateServices,
): Promise<Interruption> => {
  const rejected = interruption instanceof RelayError && interruption.code === 'runcloud-unauthorized';
  if (!rejected || asking === undefined) return interruption;
  try {
    const { credentialFingerprint } = await readAfterRefusal(
      () => ensureAccess(networks, { network: asking.network, claimed: null, fresh: true, evenPaused: true }),
      { clock, deadlineAt },
    );
    const same = credentialFingerprint === asking.access.credentialFingerprint;
    return same ? interruption : new NotBefore(clock.now());
  } catch (error) {
    if (error instanceof NotBefore) return error;
    if (error instanceof RelayError) return error;
    throw error;
  }
};

/** The way to RunCloud and what wishes are held against, or the trouble that was met on it. */
export const openedWay = async (
  network: string,
  stored: NetworkItem,
  deadlineAt: number,
  s: CertificateServices,
): Promise<Way> => {
  let asking: Asking | undefined;
  try {
    asking = await openWay(network, stored, deadlineAt, s);
    const { access, certificates } = asking;
    const serverAddress = await serverAddressOf({ network, stored, access }, certificates, s);
    const { app, serverAddresses, dnsTarget } = access;
    if (serverAddress === undefined) throw new ServerAddressUnknown(app.serverId);
    return {
      asking,
      around: { serverAddress, serverAddresses: [serverAddress, ...serverAddresses], dnsTarget },
    };
  } catch (error) {
    if (!isInterruption(error)) throw error;
    return { asking, interruption: await unlessRotated(error, asking, deadlineAt, s) };
  }
};
