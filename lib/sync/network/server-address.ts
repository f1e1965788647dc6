import type { NetworkItem } from '../ledger/items/network-item.ts';
import { freshNetwork } from '../ledger/items/network-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Clock, Ledger } from '../ledger/ports.ts';
import type { Access, CertificateHosting } from '../ledger/runcloud-ports.ts';
import { DAY_MS, HOUR_MS } from '../ledger/time.ts';
import { updateItem } from '../ledger/updates/update.ts';

/** An address changes only when a server is moved: one read a day serves all domains of a network. */
const KEPT_MS = DAY_MS;
/** The kept address is in doubt where a name leads elsewhere: the server may have moved, and its names with it. */
const DOUBTED_AFTER_MS = HOUR_MS;

interface ServerOf {
  readonly network: string;
  readonly stored: NetworkItem | undefined;
  readonly access: Access;
}

type AddressSource = Pick<CertificateHosting, 'serverAddress'>;

interface AddressServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** What the pass has read of the network, unless it is of another server or too old. */
function keptIn({ stored, access }: ServerOf, now: number): NetworkItem['server'] {
  const kept = stored?.server ?? null;
  return kept?.serverId === access.app.serverId && kept.readAt > now - KEPT_MS ? kept : null;
}

async function readAddress(
  { network, access }: ServerOf,
  runcloud: AddressSource,
  { ledger, clock }: AddressServices,
): Promise<string | undefined> {
  const { serverId } = access.app;
  const readAt = clock.now();
  const address = (await runcloud.serverAddress()) ?? access.serverAddresses[0];
  if (address === undefined) return undefined;
  await updateItem(ledger, networkKey(network), (item) => ({
    write: { ...(item ?? freshNetwork(network)), server: { serverId, address, readAt } },
    result: undefined,
  }));
  return address;
}

/** The server's address from RunCloud, or the first one in the secret; undefined: neither has one. */
export async function serverAddressOf(
  at: ServerOf,
  runcloud: AddressSource,
  s: AddressServices,
): Promise<string | undefined> {
  return keptIn(at, s.clock.now())?.address ?? (await readAddress(at, runcloud, s));
}

/** Where the server is now, if not where the ledger has it; undefined: it is there, or that was read within the hour. */
export async function movedAddressOf(
  at: ServerOf,
  runcloud: AddressSource,
  s: AddressServices,
): Promise<string | undefined> {
  const now = s.clock.now();
  const kept = keptIn(at, now);
  if (kept === null || kept.readAt > now - DOUBTED_AFTER_MS) return undefined;
  const address = await readAddress(at, runcloud, s);
  return address === kept.address ? undefined : address;
}
