import { RelayError } from '../../errors.ts';
import type { CertificateOrder } from '../../sync/ledger/certificate-item.ts';
import { LeaseLost } from '../../sync/ledger/errors.ts';
import { isInterruption } from '../interruption.ts';
import { amendCountedOrder, countOrder } from '../order-log/counts.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { Session } from '../session.ts';

/** The log that an order is kept in: the application's, or one domain's. */
export interface OrderLog {
  /** Its last order. */
  readonly last: CertificateOrder | undefined;
  /** Called before the order is made. False: another worker holds the lease. */
  readonly record: (order: CertificateOrder) => Promise<boolean>;
  /** Called after it. `failed`: it counts as a failed order; `undone`: RunCloud never took it. */
  readonly amend: (at: number, to: 'failed' | 'undone') => Promise<void>;
}

/** How an order ends for the requests it is made for. */
export interface OrderOutcome {
  readonly result: CertificateResult;
  /** RunCloud took the order or refused this very order, so its credential may write. */
  readonly answered: boolean;
}

export interface Order {
  readonly names: readonly string[];
  readonly set: string;
  readonly includedUnready: readonly string[];
  readonly domainId: number | undefined;
}

/**
 * A redeploy without effect may have kept the old names (docs/external-systems.md, "Certificates"). The next order then
 * installs anew, which RunCloud may take as a replacement or refuse.
 */
function howOf(sslId: number | undefined, last: CertificateOrder | undefined): CertificateOrder['how'] {
  return sslId === undefined || (last?.failed === true && last.how === 'redeploy') ? 'install' : 'redeploy';
}

async function make(
  { orders }: Session,
  how: CertificateOrder['how'],
  sslId: number | undefined,
  domainId: number | undefined,
): Promise<void> {
  const gone =
    how === 'redeploy' && sslId !== undefined && (await orders.redeploy(sslId, domainId)) === 'gone';
  if (gone || how === 'install') await orders.install(domainId);
}

/** RunCloud has read the order and refused it. It may still allow the network's other calls. */
function isRefusal(error: unknown): error is RelayError {
  return (
    error instanceof RelayError &&
    (error.failure === 'refused' ||
      error.code === 'runcloud-forbidden' ||
      error.code === 'runcloud-not-found')
  );
}

/** Counts the order before it is recorded, so a recorded order is never missing from the counts. */
function countedLog(
  { last, record, amend }: OrderLog,
  { names, set }: Order,
  network: string,
  { ledger }: Pick<CertificateServices, 'ledger'>,
): OrderLog {
  return {
    last,
    record: async (order) => {
      const counted = { network, at: order.at, set, names };
      await countOrder(counted, ledger);
      const recorded = await record(order);
      if (!recorded) await amendCountedOrder(counted, 'undone', ledger);
      return recorded;
    },
    amend: async (at, to) => {
      await amend(at, to);
      await amendCountedOrder({ network, at, set, names }, to, ledger);
    },
  };
}

/**
 * Makes one order: records it, calls RunCloud, then amends the record by the outcome. A lost answer counts as an order.
 * Throws what is no answer to the order: the rate limit, a paused network, a credential that is not accepted.
 */
export async function placeOrder(
  order: Order,
  ownLog: OrderLog,
  session: Session,
  s: CertificateServices,
): Promise<OrderOutcome> {
  const { names, set, includedUnready, domainId } = order;
  const orderLog = countedLog(ownLog, order, session.network, s);
  let sslId: number | undefined;
  try {
    sslId = await session.certificates.find(domainId);
  } catch (error) {
    if (isRefusal(error)) return { result: { kind: 'failing', error }, answered: false };
    throw error;
  }
  const how = howOf(sslId, orderLog.last);
  const at = s.clock.now();
  if (!(await orderLog.record({ at, set, how, failed: false, includedUnready }))) throw new LeaseLost();
  const told = { kind: 'ordered' as const, network: session.network, names: names.length, how };
  try {
    await make(session, how, sslId, domainId);
    s.report({ ...told, outcome: 'accepted' });
    return { result: { kind: 'requested', orderedAt: at }, answered: true };
  } catch (error) {
    if (error instanceof RelayError && error.unanswered) {
      s.report({ ...told, outcome: 'unanswered', error });
      return { result: { kind: 'requested', orderedAt: at }, answered: false };
    }
    if (isRefusal(error)) {
      await orderLog.amend(at, 'failed');
      s.report({ ...told, outcome: 'refused', error });
      return { result: { kind: 'failing', error }, answered: error.failure === 'refused' };
    }
    // An unexpected error may come after the call succeeded, for example from the ledger.
    const neverTaken = isInterruption(error);
    if (neverTaken) await orderLog.amend(at, 'undone');
    s.report({ ...told, outcome: neverTaken ? 'undone' : 'unanswered', error });
    throw error;
  }
}
