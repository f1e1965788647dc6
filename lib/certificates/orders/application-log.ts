import { networkKey } from '../../sync/ledger/keys.ts';
import type { App } from '../../sync/ledger/runcloud-ports.ts';
import { hasLeft } from '../../sync/network/claim.ts';
import type { AppOrders } from '../order-log/app-orders.ts';
import { amendAppOrder, recordAppOrder } from '../order-log/application.ts';
import type { CertificateServices } from '../services.ts';
import type { OrderLog } from './place.ts';

interface LogTerms {
  readonly owner: string;
  readonly network: string;
  readonly app: App;
  readonly orders: AppOrders;
}

/** The log of an order for these names of a whole application. */
export function applicationLog(
  { owner, network, app, orders }: LogTerms,
  names: readonly string[],
  { ledger }: Pick<CertificateServices, 'ledger'>,
): Pick<OrderLog, 'record' | 'amend'> {
  const amend: OrderLog['amend'] = async (at, to, error) =>
    void (await orders.update(amendAppOrder(at, to, error)));
  const isClaimed = async (): Promise<boolean> =>
    !hasLeft((await ledger.read(networkKey(network)))?.item, app);
  return {
    record: async (order) => {
      if (!(await orders.update(recordAppOrder(owner, order, names)))) return false;
      let claimed = false;
      try {
        // Asked once the order is on record: a network that moves after that finds the order of the application it has left.
        claimed = await isClaimed();
      } finally {
        if (!claimed) await amend(order.at, 'undone');
      }
      return claimed;
    },
    amend,
  };
}
