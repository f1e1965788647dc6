import { type CertificateItem, certificateKey } from '../../sync/ledger/items.ts';
import { change } from '../../sync/ledger/update.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { amended } from '../order-log/application.ts';
import { lately } from '../order-log/limits.ts';
import type { OrderRecord } from '../order-log/recent.ts';
import type { CertificateEnd } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { AppLook } from './basic.ts';
import { decideOrder } from './decide.ts';
import { type OrderBook, placeOrder } from './place.ts';
import { badNames } from './unready-names.ts';

const bookOf = ({ item }: Ready, owner: string, s: CertificateServices): OrderBook => {
  const key = certificateKey(item.network, item.domain);
  const mine = (current: CertificateItem | undefined) => current !== undefined && current.owner === owner;
  return {
    last: item.orders.at(-1),
    record: (order) =>
      change(s.ledger, key, (current) => {
        if (current === undefined || !mine(current)) return { result: false };
        const orders = [...lately(current.orders, order.at), order];
        return { write: { ...current, orders, orderedAt: order.at }, result: true };
      }),
    amend: (at, to) =>
      change(s.ledger, key, (current) => {
        if (current === undefined || !mine(current)) return { result: undefined };
        const orderedAt = current.orderedAt === at ? null : current.orderedAt;
        return {
          write: { ...current, orders: amended(current.orders, at, to), orderedAt },
          result: undefined,
        };
      }),
  };
};

/** One order for the certificate of one domain, or the reason why not yet. Throws what `placeOrder` throws. */
export const orderForDomain = async (
  wish: Ready,
  look: AppLook,
  record: OrderRecord,
  s: CertificateServices,
): Promise<CertificateEnd> => {
  const { item, names, domainId } = wish;
  // Without a row of its own there is nothing to order for: the domain's next look finds or makes one.
  if (domainId === null) return { kind: 'later' };
  const bad = await badNames(names.slice(1), item.readySince === null, look, s);
  const now = s.clock.now();
  const orders = lately(item.orders, now);
  const oldestReadyAt = item.readySince ?? now;
  const { waits } = s;
  const counted = { ...record.against(names), now, mode: 'advanced' as const, orders };
  const decision = decideOrder({ ...counted, waits, names, bad, oldestReadyAt });
  if (decision.kind === 'wait') return { ...decision, kind: 'waiting' };
  const { set, despite } = decision;
  // At once with the decision: other domains of that registered domain are ordered for at the same time.
  const giveBack = record.take(names, now);
  const book = bookOf(wish, look.owner, s);
  let recorded = false;
  try {
    return await placeOrder(
      { names, set, despite, domainId },
      {
        ...book,
        record: async (order) => {
          recorded = await book.record(order);
          return recorded;
        },
        amend: async (at, to) => {
          await book.amend(at, to);
          if (to === 'undone') recorded = false;
        },
      },
      look.asking,
      s,
    );
  } finally {
    if (!recorded) giveBack();
  }
};
