import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { type DomainKind, keyOf, type StoredItems } from '../ledger/keys.ts';
import type { Queue } from '../ledger/ports.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { withoutOwed } from '../ledger/work/dead-letters.ts';
import { type TellDomainServices, tellOutcome } from './tell.ts';

/** Reports a dead letter that could not be sent: it stays owed, and the sweep comes back to it. */
export type ReportUnsent = (
  deadLetter: { readonly network: string; readonly domain: string; readonly id: string },
  error: unknown,
) => void;

export interface OwedServices extends TellDomainServices {
  readonly queue: Pick<Queue, 'sendDeadLetter'>;
  readonly reportUnsent: ReportUnsent;
}

/** Sends each on its own, whatever becomes of the others. Returns the ids of those that were sent. */
async function sendAllDeadLetters(
  { network, domain, toSend }: DomainItem | CertificateItem,
  { queue, reportUnsent }: OwedServices,
): Promise<Set<string>> {
  const sent = new Set<string>();
  for (const owed of toSend) {
    if (owed.kind !== 'dead-letter') continue;
    try {
      await queue.sendDeadLetter({ ...owed, message: { network, domain, deadLetter: owed.revision } });
      sent.add(owed.id);
    } catch (error) {
      reportUnsent({ network, domain, id: owed.id }, error);
    }
  }
  return sent;
}

/**
 * Sends the dead letters that an item owes and tells its outcomes, then records which were sent. A crash between the two sends
 * them twice, each under its id. A dead letter that cannot be sent does not fail the work around it: it is reported, and stays
 * owed. Throws `Unavailable('ledger')`.
 */
export async function sendOwed<K extends DomainKind>(
  kind: K,
  item: StoredItems[K],
  services: OwedServices,
): Promise<void> {
  const { network, domain, toSend } = item;
  const sent = await sendAllDeadLetters(item, services);
  for (const owed of toSend) {
    if (owed.kind !== 'outcome') continue;
    await tellOutcome({ network, domain }, owed, services);
    sent.add(owed.id);
  }
  await updateItem(services.ledger, keyOf(kind, network, domain), (current) => withoutOwed(current, sent));
}
