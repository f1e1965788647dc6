import { Unavailable, UnreadableItem } from '../errors.ts';
import type { CertificateItem } from '../sync/ledger/certificate-item.ts';
import { inBatches } from '../sync/ledger/in-batches.ts';
import { certificateKey } from '../sync/ledger/keys.ts';
import type { DueWork } from '../sync/ledger/ports.ts';
import { CLOCKS_AGREE_MS } from '../sync/ledger/time.ts';
import { updateItem } from '../sync/ledger/update.ts';
import type { CertificateServices } from './services.ts';

const READ_AT_ONCE = 10;
/** Beyond what the longest wait for another message comes to: clocks, and the sweep's minute. */
const MESSAGE_MARGIN_MS = 120_000;

type DueServices = Pick<CertificateServices, 'ledger' | 'clock' | 'delays' | 'leaseMs'>;

export interface Asked {
  readonly network: string;
  /** By name, the revision of each request that this call has looked at already. */
  readonly seen: ReadonlyMap<string, number>;
  /** Items that this call could not read. New ones are added. */
  readonly unreadable: Set<string>;
  readonly most: number;
}

export interface DueCertificates {
  /** Those that wait longest come first. */
  readonly due: readonly CertificateItem[];
  /** Not due, but a dead letter is still to be sent. */
  readonly owing: readonly CertificateItem[];
  /** The first bug of a read. */
  readonly fault: { readonly error: unknown } | undefined;
}

/** Work that only waits for its time has its message at that time; any other message is for something that is owed. */
function needsPass(dueBy: number) {
  return ({ dueAt, sendAt }: DueWork): boolean => dueAt === null || dueAt <= dueBy || dueAt !== sendAt;
}

/** A message that was sent, or a lease that was taken, has put off the next message of what is due now by so much at most. */
function latestMessageMs({ delays, leaseMs }: DueServices): number {
  return Math.max(delays.resendMs, leaseMs) + MESSAGE_MARGIN_MS;
}

/**
 * The requests of a network that somebody has to look at now, and nobody looks at. The index names them, so this costs
 * what is due, and not what there is. It may lag: so what it shows is read again, and what it does not show yet is
 * brought by the sweep's next message.
 */
export async function dueCertificates(
  { network, seen, unreadable, most }: Asked,
  services: DueServices,
): Promise<DueCertificates> {
  const { ledger, clock } = services;
  const now = clock.now();
  const dueBy = now + CLOCKS_AGREE_MS;
  const isDue = ({ dueAt, domain, revision }: CertificateItem): boolean =>
    dueAt !== null && dueAt <= dueBy && seen.get(domain) !== revision;
  const isHeld = ({ owner, leaseUntil }: CertificateItem): boolean =>
    owner !== null && (leaseUntil ?? 0) > now;
  const due: CertificateItem[] = [];
  const owing: CertificateItem[] = [];
  let fault: DueCertificates['fault'];
  const readRow = async ({ item: name }: DueWork): Promise<void> => {
    try {
      const item = (await ledger.read({ kind: 'certificate', network, item: name }))?.item;
      if (item === undefined || isHeld(item)) return;
      if (isDue(item)) due.push(item);
      else if (item.toSend.length > 0) owing.push(item);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      unreadable.add(name);
      if (!(error instanceof UnreadableItem)) fault ??= { error };
    }
  };
  const asks = needsPass(dueBy);
  for (;;) {
    // They stay at the front of the index, and must not take the place of those after them.
    const skipped = unreadable.size;
    const rows = await ledger.dueIn('certificate', network, {
      until: now + latestMessageMs(services),
      meant: (row) => asks(row) && !unreadable.has(row.item),
      limit: most + seen.size,
    });
    due.length = 0;
    owing.length = 0;
    for (let start = 0; start < rows.length && due.length < most; start += READ_AT_ONCE) {
      await inBatches(rows.slice(start, start + READ_AT_ONCE), READ_AT_ONCE, readRow);
    }
    if (unreadable.size === skipped) break;
  }
  return { due: due.toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0)), owing, fault };
}

/** One message brings a look at all that is due. */
export function sendMessageBy(
  { network, domain }: CertificateItem,
  at: number,
  { ledger }: Pick<CertificateServices, 'ledger'>,
): Promise<undefined> {
  return updateItem(ledger, certificateKey(network, domain), (item) =>
    item === undefined || item.dueAt === null || (item.sendAt ?? 0) <= at
      ? { result: undefined }
      : { write: { ...item, sendAt: at }, result: undefined },
  );
}
