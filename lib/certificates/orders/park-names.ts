import { isParkable, park } from '../../sync/ledger/domains/parking.ts';
import { inBatches } from '../../sync/ledger/in-batches.ts';
import { makeDueBy } from '../../sync/ledger/items/work-item.ts';
import { certificateKey, domainKey } from '../../sync/ledger/keys.ts';
import type { HostedDomain } from '../../sync/ledger/runcloud-ports.ts';
import { ifUsable } from '../../sync/ledger/unreadable.ts';
import { updateItem } from '../../sync/ledger/updates/update.ts';
import { holdsProtected } from '../../sync/network/listing/protected-names.ts';
import { hasLedHere } from '../checks/led-here.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';
import type { UnreadyName } from './decide.ts';

const AT_ONCE = 10;

/** Of a name: `now`: recorded to be parked. A time: it may be parked then. Null: it is never parked. */
type ParkedAt = 'now' | number | null;

export interface ParkedNames {
  /** Some names are recorded: sync-domain takes them out next. */
  readonly begun: boolean;
  /** When the next of the others may be parked; null: none may. */
  readonly nextAt: number | null;
  /** Names that stay in the web application. */
  readonly kept: readonly UnreadyName[];
}

/** No visitor of the name comes to this server, or no order can ever cover it. */
function mayBeParked({ reason, leadsHere }: UnreadyName): boolean {
  if (reason === 'name-unsupported') return true;
  return !leadsHere && (reason === 'dns-none' || reason === 'dns-mismatch' || reason === 'dns-ipv6');
}

async function parkName(
  { reason }: UnreadyName,
  row: HostedDomain,
  network: string,
  { ledger, clock, delays }: Pick<CertificateServices, 'ledger' | 'clock' | 'delays'>,
): Promise<ParkedAt> {
  const key = domainKey(network, row.name);
  const domain = (await ledger.read(key))?.item;
  if (domain === undefined) return null;
  const now = clock.now();
  if (domain.state === 'parked' && domain.dueAt === null) {
    // A person has added its row: the next pass over the domain sees that.
    await updateItem(ledger, key, (item) =>
      item?.state === 'parked' && item.dueAt === null
        ? { write: { ...item, ...makeDueBy(item, now) }, result: undefined }
        : { result: undefined },
    );
    return 'now';
  }
  if (!isParkable(domain, row, reason)) return null;
  const request = (await ledger.read(certificateKey(network, row.name)))?.item;
  const unsupported = reason === 'name-unsupported';
  // A certificate that was installed by hand may cover it.
  if (unsupported ? request?.state === 'valid' : hasLedHere(request)) return null;
  const at = Date.parse(domain.since) + (unsupported ? 0 : delays.parkedAfterMs);
  if (at > now) return at;
  return (await updateItem(ledger, key, park(row, { reason, at: now }))) ? 'now' : null;
}

/**
 * Records which of the names that hold an order are to be parked: served for a while, and never seen to lead here. Only
 * sync-domain touches rows. It takes out what is recorded here, and no order is made before it has.
 */
export async function parkNames(
  unready: readonly UnreadyName[],
  rows: readonly HostedDomain[],
  { network, access }: Pick<CertificateSession, 'network' | 'access'>,
  s: Pick<CertificateServices, 'ledger' | 'clock' | 'delays'>,
): Promise<ParkedNames> {
  if (!access.parkUnreadyNames) return { begun: false, nextAt: null, kept: unready };
  const parkedAt = await inBatches(unready, AT_ONCE, async (name): Promise<ParkedAt> => {
    if (!mayBeParked(name)) return null;
    const [row, another] = rows.filter((one) => one.name === name.name);
    if (row === undefined || another !== undefined || holdsProtected(row, access.protectedDomains))
      return null;
    return (await ifUsable(() => parkName(name, row, network, s))) ?? null;
  });
  const times = parkedAt.filter((at) => typeof at === 'number');
  return {
    begun: parkedAt.includes('now'),
    nextAt: times.length === 0 ? null : Math.min(...times),
    kept: unready.filter((_, index) => parkedAt[index] === null),
  };
}
