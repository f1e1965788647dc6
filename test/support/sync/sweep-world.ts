import { certificateDelays as delaysOf } from '../../../lib/certificates/delays.ts';
import type { CertificateItem } from '../../../lib/sync/ledger/items/certificate-item.ts';
import { freshNetwork } from '../../../lib/sync/ledger/items/network-item.ts';
import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger, Queue } from '../../../lib/sync/ledger/ports.ts';
import { type SweeperServices, sweep } from '../../../lib/sync/sweep/sweep.ts';
import { memoryLedger } from '../../doubles/ledger.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { memoryQueue } from '../../doubles/queue.ts';
import { noMail } from '../aws/no-mail.ts';
import { certificateItem, DOMAIN, delays, domainItem, MINUTE, NETWORK, NOW, SECOND } from './items.ts';

export const certificateDelays = delaysOf(MINUTE);

interface Others {
  readonly ledger?: (ledger: Ledger) => Partial<Ledger>;
  readonly queue?: Pick<Queue, 'send'>;
  /** Called before each send of messages for certificates. */
  readonly onCertificates?: () => void;
}

export async function sweepWorld(items = [domainItem()], others: Others = {}) {
  const clock = manualClock(NOW);
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const certificateQueue = memoryQueue({ clock });
  const outcomeQueue = memoryQueue({ clock });
  for (const item of items) await ledger.write(domainKey(item.network, item.domain), item, 0);
  let owners = 0;
  const reported: { error: unknown; item: string }[] = [];
  const services: SweeperServices = {
    ledger: { ...ledger, ...others.ledger?.(ledger) },
    queue: others.queue ?? queue,
    certificateQueue: {
      send: (messages) => {
        others.onCertificates?.();
        return certificateQueue.send(messages);
      },
    },
    outcomeQueue,
    ...noMail,
    certificateDelays,
    clock,
    delays,
    newOwner: () => `sweep-${++owners}`,
    report: (error, { item }) => void reported.push({ error, item }),
  };
  return {
    clock,
    ledger,
    /** A certificate that is due, in a network that has its item. */
    putCertificate: (part: Partial<CertificateItem> = {}): void => {
      const item = certificateItem({ dueAt: NOW, sendAt: NOW, ...part });
      const key = networkKey(item.network);
      if (!ledger.has(key)) ledger.put(key, freshNetwork(item.network));
      ledger.put(certificateKey(item.network, item.domain), item);
    },
    sent: queue.sent,
    sentForCertificates: certificateQueue.sent,
    sentForOutcomes: outcomeQueue.sent,
    reported,
    domain: async (name = DOMAIN) => (await ledger.read(domainKey(NETWORK, name)))?.item,
    sweep: (withinMs = 50 * SECOND) => sweep(clock.now() + withinMs, services),
  };
}

export function name(n: number) {
  return `shop-${n}.example`;
}
