import { Unavailable, UnreadableItem } from '../errors.ts';
import { inBatchesWithinReach, type Reach } from '../sync/ledger/in-batches.ts';
import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import { nameOf } from '../sync/ledger/keys.ts';
import type { DueWork, Stored } from '../sync/ledger/ports.ts';
import { CLOCKS_AGREE_MS } from '../sync/ledger/time.ts';
import type { CertificateDelays } from './delays.ts';
import { type Waiting, waitsForMessage } from './next-message.ts';
import type { CertificateServices } from './services.ts';

const READ_AT_ONCE = 10;
/** Added to the longest wait for another message: for clock differences, and the sweep's minute. */
const MESSAGE_MARGIN_MS = 120_000;

type DueServices = Pick<CertificateServices, 'ledger' | 'clock' | 'delays' | 'leaseMs'>;

export interface DueCertificatesQuery {
  readonly network: string;
  /** By name, the revision of each request that this call has already checked. */
  readonly seen: ReadonlyMap<string, number>;
  /** Items that this call could not read. New ones are added. */
  readonly unreadable: Set<string>;
  /** What the call has met of the ledger. */
  readonly reach: Reach;
  readonly most: number;
}

export interface DueCertificates {
  /** The longest waiting first. */
  readonly due: readonly Stored<CertificateItem>[];
  /** Not due, but a dead letter is still to be sent. */
  readonly owing: readonly CertificateItem[];
  /** Not due yet, and without a message of the sweep at that time. */
  readonly waiting: readonly Waiting[];
  /** The first bug of a read. */
  readonly fault: { readonly error: unknown } | undefined;
}

/** True if the work is due, or owes something: work that only waits has its message at its due time. */
function needsPass(dueBy: number, delays: CertificateDelays) {
  return (row: DueWork): boolean => {
    const { dueAt, sendAt } = row;
    return dueAt === null || dueAt <= dueBy || (dueAt !== sendAt && !waitsForMessage(row, delays));
  };
}

/** The longest time by which a sent message or a taken lease delays the next message of work that is due now. */
function latestMessageMs({ delays, leaseMs }: DueServices): number {
  return Math.max(delays.resendMs, leaseMs) + MESSAGE_MARGIN_MS;
}

/**
 * The requests of a network that are due and under no lease. The index names them, so the cost grows with the due
 * requests and not with all. The index may lag: each row is read again, and the sweep's next message brings the requests
 * that it does not show yet.
 */
export async function dueCertificates(
  { network, seen, unreadable, reach, most }: DueCertificatesQuery,
  services: DueServices,
): Promise<DueCertificates> {
  const { ledger, clock } = services;
  const now = clock.now();
  const dueBy = now + CLOCKS_AGREE_MS;
  const isDue = ({ dueAt, domain, revision }: CertificateItem): boolean =>
    dueAt !== null && dueAt <= dueBy && seen.get(domain) !== revision;
  const isHeld = ({ owner, leaseUntil }: CertificateItem): boolean =>
    owner !== null && (leaseUntil ?? 0) > now;
  const due: Stored<CertificateItem>[] = [];
  const owing: CertificateItem[] = [];
  let fault: DueCertificates['fault'];
  const readRow = async ({ item: name }: DueWork): Promise<void> => {
    try {
      const stored = await ledger.read({ kind: 'certificate', network, item: name });
      if (stored === undefined || isHeld(stored.item)) return;
      if (isDue(stored.item)) due.push(stored);
      else if (stored.item.toSend.length > 0) owing.push(stored.item);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      unreadable.add(name);
      if (!(error instanceof UnreadableItem)) fault ??= { error };
    }
  };
  const asks = needsPass(dueBy, services.delays);
  const waiting = new Map<string, Waiting>();
  const isMeant = (row: DueWork): boolean => {
    if (asks(row)) return !unreadable.has(row.item);
    const { dueAt, item } = row;
    const domain = nameOf('certificate', item);
    if (dueAt !== null && waitsForMessage(row, services.delays))
      waiting.set(domain, { network, domain, dueAt });
    return false;
  };
  for (;;) {
    // Unreadable items stay at the front of the index, and must not displace those after them.
    const skipped = unreadable.size;
    const rows = await ledger.dueCertificates(network, {
      until: now + latestMessageMs(services),
      meant: isMeant,
      limit: most + seen.size,
    });
    due.length = 0;
    owing.length = 0;
    for (let start = 0; start < rows.length && due.length < most; start += READ_AT_ONCE) {
      await inBatchesWithinReach(rows.slice(start, start + READ_AT_ONCE), READ_AT_ONCE, readRow, reach);
    }
    if (unreadable.size === skipped) break;
  }
  return {
    due: due.toSorted((a, b) => (a.item.dueAt ?? 0) - (b.item.dueAt ?? 0)),
    owing,
    waiting: [...waiting.values()],
    fault,
  };
}
