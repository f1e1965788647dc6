import type { NetworkItem } from '../ledger/items/network-item.ts';
import { freshNetwork } from '../ledger/items/network-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Clock, Ledger } from '../ledger/ports.ts';
import type { Access, CertificateHosting } from '../ledger/runcloud-ports.ts';
import { DAY_MS } from '../ledger/time.ts';
import { updateItem } from '../ledger/updates/update.ts';

/** An address changes only when a server is moved: one read a day serves all domains of a network. */
const KEPT_MS = DAY_MS;

/** The server's address from RunCloud, or the first one in the secret; undefined: neither has one. */
export async function serverAddressOf(
  at: { readonly network: string; readonly stored: NetworkItem | undefined; readonly access: Access },
  runcloud: Pick<CertificateHosting, 'serverAddress'>,
  s: { readonly ledger: Ledger; readonly clock: Clock },
): Promise<string | undefined> {
  const { network, stored, access } = at;
  const { serverId } = access.app;
  const now = s.clock.now();
  const kept = stored?.server ?? null;
  if (kept !== null && kept.serverId === serverId && kept.readAt > now - KEPT_MS) return kept.address;
  const address = (await runcloud.serverAddress()) ?? access.serverAddresses[0];
  if (address === undefined) return undefined;
  await updateItem(s.ledger, networkKey(network), (item) => ({
    write: { ...(item ?? freshNetwork(network)), server: { serverId, address, readAt: now } },
    result: undefined,
  }));
  return address;
}
