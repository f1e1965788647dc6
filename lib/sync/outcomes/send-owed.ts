import { Unavailable, UnreadableItem } from '../../errors.ts';
import type { CertificateItem } from '../ledger/items/certificate-item.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { OwedOutcome } from '../ledger/items/work-item.ts';
import { type DomainKind, keyOf, type StoredItems } from '../ledger/keys.ts';
import type { Queue } from '../ledger/ports.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { withoutOwed } from '../ledger/work/dead-letters.ts';
import { type TellDomainServices, tellMultisite, tellPeople } from './tell.ts';

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

/** The fault that kept it from being told; undefined: it was told. */
async function faultOf(telling: () => Promise<void>): Promise<{ readonly error: unknown } | undefined> {
  try {
    await telling();
    return undefined;
  } catch (error) {
    return { error };
  }
}

interface Told {
  /** What is still to be told of it; undefined: nothing. */
  readonly left: OwedOutcome | undefined;
  /** What could not be told, because an item is out of reach or cannot be read. */
  readonly faults: readonly unknown[];
}

/** The multisite does not wait for the notices, nor people for the item of the outcome. */
async function tell(
  place: Pick<DomainItem, 'network' | 'domain'>,
  owed: OwedOutcome,
  s: OwedServices,
): Promise<Told> {
  const toMultisite = await faultOf(() => tellMultisite(place, owed, s));
  const toPeople = await faultOf(() => tellPeople(place, owed, s));
  const faults = [toMultisite, toPeople].flatMap((fault) => (fault === undefined ? [] : [fault.error]));
  if (faults.length === 0) return { left: undefined, faults };
  return { left: toMultisite === undefined ? { ...owed, toMultisite: false } : owed, faults };
}

/** The others wait for none of them. */
function worst(faults: readonly unknown[]): unknown {
  const isWait = (fault: unknown) => fault instanceof Unavailable || fault instanceof UnreadableItem;
  return (
    faults.find((fault) => !isWait(fault)) ??
    faults.find((fault) => fault instanceof Unavailable) ??
    faults[0]
  );
}

/**
 * Sends the dead letters that an item owes and tells its outcomes, each on its own, then records which were sent. A crash between
 * the two sends them twice, each under its id. A dead letter that cannot be sent does not fail the work around it: it is reported,
 * and stays owed. So does an outcome that cannot be told. Throws `Unavailable('ledger')` and `UnreadableItem` for it then.
 */
export async function sendOwed<K extends DomainKind>(
  kind: K,
  item: StoredItems[K],
  services: OwedServices,
): Promise<void> {
  const { network, domain, toSend } = item;
  const sent = await sendAllDeadLetters(item, services);
  const left = new Map<string, OwedOutcome>();
  const faults: unknown[] = [];
  for (const owed of toSend) {
    if (owed.kind !== 'outcome') continue;
    const told = await tell(item, owed, services);
    faults.push(...told.faults);
    if (told.left === undefined) sent.add(owed.id);
    else if (told.left !== owed) left.set(owed.id, told.left);
  }
  await updateItem(services.ledger, keyOf(kind, network, domain), (current) =>
    withoutOwed(current, sent, left),
  );
  if (faults.length > 0) throw worst(faults);
}
