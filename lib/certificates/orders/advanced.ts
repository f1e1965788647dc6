import { LeaseLost } from '../../sync/ledger/errors.ts';
import type { CertificateItem, CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import type { Followed } from '../../sync/ledger/updates/followed.ts';
import type { ItemUpdate } from '../../sync/ledger/updates/update.ts';
import type { Ready } from '../checks/check-certificate.ts';
import { clearWww } from '../checks/withheld-www.ts';
import { amended, lastOrderError } from '../order-log/application.ts';
import { failedOrderFix } from '../order-log/failed-order.ts';
import { lately } from '../order-log/limits.ts';
import type { RecentOrders } from '../order-log/recent.ts';
import type { CertificateServices } from '../services.ts';
import type { BatchContext } from './basic.ts';
import { decideOrder } from './decide.ts';
import { keepOwnCertificate } from './own-certificate.ts';
import { findInstalled, type OrderLog, type OrderOutcome, placeOrder } from './place.ts';
import { splitWww } from './split-www.ts';
import { unreadyNames } from './unready-names.ts';

/** `outdated`: a newer update has come, or the network has moved. `lost`: another worker holds the lease. */
type Recorded = 'recorded' | 'outdated' | 'lost';

interface DomainBook extends Omit<OrderLog, 'record'> {
  readonly record: (order: CertificateOrder) => Promise<Recorded>;
}

function logOf({ item }: Ready, owner: string, request: Followed<'certificate'>): Omit<DomainBook, 'counts'> {
  const mine = (current: CertificateItem | undefined) => current !== undefined && current.owner === owner;
  return {
    last: item.orders.at(-1),
    record: (order) =>
      request.update((current): ItemUpdate<CertificateItem, Recorded> => {
        if (current === undefined || !mine(current)) return { result: 'lost' };
        // The names, or the application, may have changed.
        if (current.revision !== item.revision) return { result: 'outdated' };
        const orders = [...lately(current.orders, order.at), order];
        return { write: { ...current, orders, orderedAt: order.at }, result: 'recorded' };
      }),
    amend: (at, to, error) =>
      request.update((current) => {
        if (current === undefined || !mine(current)) return { result: undefined };
        const orderedAt = current.orderedAt === at ? null : current.orderedAt;
        return {
          write: { ...current, orders: amended(current.orders, at, to, error), orderedAt },
          result: undefined,
        };
      }),
  };
}

/** One order for the certificate of one domain, or the reason why not yet. Throws what `placeOrder` throws. */
export async function orderForDomain(
  request: Ready,
  context: BatchContext,
  recent: RecentOrders,
  s: CertificateServices,
): Promise<OrderOutcome> {
  const { item, names, domainId } = request;
  // Without a row of its own there is nothing to order for. The domain's next pass finds or adds one.
  if (domainId === null) return { result: { kind: 'later' }, answered: false };
  const found = await findInstalled(context.session, domainId);
  if ('result' in found) return { ...found, answered: false };
  const { installed } = found;
  const kept = keepOwnCertificate(request, installed, domainId, s);
  if (kept !== undefined) return { result: kept, answered: false };
  // First, as in basic SSL.
  await recent.load(names);
  const unready = await unreadyNames(names.slice(1), item.readySince === null, context, s);
  const now = s.clock.now();
  const orders = lately(item.orders, now);
  const split = await splitWww(request, orders, context.session.access, s);
  if (split !== undefined) return { result: split, answered: false };
  const oldestReadyAt = item.readySince ?? now;
  const { delays } = s;
  const counted = { ...recent.against(names), now, mode: 'advanced' as const, orders };
  const decision = decideOrder({ ...counted, delays, names, unready, oldestReadyAt });
  if (decision.kind === 'wait') {
    const failedFix = failedOrderFix(item.domain);
    const failure = lastOrderError(orders);
    return { result: { ...decision, kind: 'waiting', failedFix, failure }, answered: false };
  }
  const { set, includedUnready } = decision;
  // Together with the decision, because orders for other names of the registered domain are made at the same time.
  const release = recent.take(names, now);
  const orderLog = logOf(request, context.owner, context.requestOf(item.domain));
  const onRecord: { is: Recorded } = { is: 'lost' };
  try {
    const placed = await placeOrder(
      { names, set, includedUnready, domainId, installed },
      {
        ...orderLog,
        counts: recent,
        record: async (order) => {
          onRecord.is = await orderLog.record(order);
          return onRecord.is === 'recorded';
        },
        amend: async (at, to, error) => {
          await orderLog.amend(at, to, error);
          if (to === 'undone') onRecord.is = 'lost';
        },
      },
      context.session,
      s,
    );
    const { result } = placed;
    if (result.kind === 'failing' && names.length === 1) await clearWww(item, s);
    return result.kind === 'failing'
      ? { ...placed, result: { ...result, fix: failedOrderFix(item.domain) } }
      : placed;
  } catch (error) {
    // Nothing was ordered. The newer revision is checked as soon as this is settled.
    if (onRecord.is === 'outdated' && error instanceof LeaseLost) {
      return { result: { kind: 'held', until: now }, answered: false };
    }
    throw error;
  } finally {
    if (onRecord.is !== 'recorded') release();
  }
}
