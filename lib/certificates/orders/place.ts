import { allEnded } from '../../all-ended.ts';
import { RelayError } from '../../errors.ts';
import { LeaseLost } from '../../sync/ledger/errors.ts';
import type { CertificateOrder } from '../../sync/ledger/items/certificate-item.ts';
import type { CertificateHosting, InstalledCertificate } from '../../sync/ledger/runcloud-ports.ts';
import { CertificateUnknown } from '../errors.ts';
import { isInterruption } from '../interruption.ts';
import { type OrderEnd, type OrderError, toOrderError } from '../order-log/application.ts';
import { amendCountedOrder, countOrder, type FollowedCounts } from '../order-log/counts.ts';
import type { CertificateResult } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';
import type { CertificateSession } from '../session.ts';

/** The log that an order is kept in: the application's, or one domain's. */
export interface OrderLog {
  /** Its last order. */
  readonly last: CertificateOrder | undefined;
  /** What the pass has read of the counts. */
  readonly counts?: FollowedCounts;
  /** Called before the order is made. False: another worker holds the lease. */
  readonly record: (order: CertificateOrder) => Promise<boolean>;
  /** Called after it. */
  readonly amend: (at: number, to: OrderEnd, error?: OrderError) => Promise<void>;
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
  /** The certificate that it replaces; undefined: none is installed. */
  readonly installed: InstalledCertificate | undefined;
}

/**
 * Where one is installed, the relay installs over it in one case only: it is like the relay's own, and RunCloud took its
 * redeploy without effect. That may have kept the old names (docs/external-systems.md, "Certificates"). A refused redeploy
 * is no such case.
 */
function howOf(
  installed: InstalledCertificate | undefined,
  last: CertificateOrder | undefined,
): CertificateOrder['how'] {
  if (installed === undefined) return 'install';
  const withoutEffect = last?.how === 'redeploy' && last.failed && !last.refused;
  return withoutEffect && installed.origin === 'http-01' ? 'install' : 'redeploy';
}

async function make(
  certificates: CertificateHosting,
  orders: CertificateHosting,
  how: CertificateOrder['how'],
  { installed, domainId }: Order,
): Promise<void> {
  if (how === 'install' || installed === undefined) return orders.install(domainId);
  if ((await orders.redeploy(installed.id, domainId)) === 'ordered') return undefined;
  // It may have been replaced by one that the relay must not replace.
  if ((await certificates.find(domainId)) !== undefined) throw new CertificateUnknown(installed.id);
  return orders.install(domainId);
}

/** What is installed, or the result where RunCloud refuses to tell. */
export async function findInstalled(
  { certificates }: Pick<CertificateSession, 'certificates'>,
  domainId: number | undefined,
): Promise<
  { readonly installed: InstalledCertificate | undefined } | { readonly result: CertificateResult }
> {
  try {
    return { installed: await certificates.find(domainId) };
  } catch (error) {
    if (isRefusal(error)) return { result: { kind: 'failing', error } };
    throw error;
  }
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
  { last, counts, record, amend }: OrderLog,
  { names, set }: Order,
  network: string,
  { ledger }: Pick<CertificateServices, 'ledger'>,
): OrderLog {
  return {
    last,
    record: async (order) => {
      const counted = { network, at: order.at, set, names };
      let onRecord: boolean | 'unknown' = false;
      try {
        await countOrder(counted, ledger, counts);
        onRecord = 'unknown';
        onRecord = await record(order);
        return onRecord;
      } finally {
        // It is not made then, also where an item was out of reach: each try would spend a limit of the week.
        if (onRecord !== true) {
          // Left on record by an answer that was lost, it would be waited for.
          const takenBack = onRecord === 'unknown' ? amend(order.at, 'undone') : Promise.resolve();
          await allEnded([takenBack, amendCountedOrder(counted, 'undone', ledger)]);
        }
      }
    },
    amend: async (at, to, error) => {
      await amend(at, to, error);
      await amendCountedOrder({ network, at, set, names }, to === 'undone' ? to : 'failed', ledger);
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
  session: Pick<CertificateSession, 'network' | 'certificates' | 'newOrder'>,
  s: CertificateServices,
): Promise<OrderOutcome> {
  const { names, set, includedUnready } = order;
  const orderLog = countedLog(ownLog, order, session.network, s);
  const how = howOf(order.installed, orderLog.last);
  const calls = session.newOrder();
  const { at } = calls;
  const entry = { at, set, how, failed: false, refused: false, error: null, includedUnready };
  if (!(await orderLog.record(entry))) throw new LeaseLost();
  const told = { kind: 'ordered' as const, network: session.network, names: names.length, how };
  try {
    await make(session.certificates, calls.hosting, how, order);
    s.report({ ...told, outcome: 'accepted' });
    const said = calls.said() ?? null;
    return { result: { kind: 'requested', orderedAt: at, said }, answered: true };
  } catch (error) {
    if (error instanceof RelayError && error.unanswered) {
      s.report({ ...told, outcome: 'unanswered', error });
      return { result: { kind: 'requested', orderedAt: at, said: null }, answered: false };
    }
    if (isRefusal(error)) {
      await orderLog.amend(at, 'refused', toOrderError(error));
      s.report({ ...told, outcome: 'refused', error });
      return { result: { kind: 'failing', error }, answered: error.failure === 'refused' };
    }
    // An unexpected error may come after the call succeeded, for example from the ledger.
    const neverTaken = isInterruption(error) || !calls.mayBeSent();
    if (neverTaken) await orderLog.amend(at, 'undone');
    s.report({ ...told, outcome: neverTaken ? 'undone' : 'unanswered', error });
    throw error;
  }
}
