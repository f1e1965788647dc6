import { change } from '../sync/change.ts';
import { type CertificateItem, certificateKey, domainKey } from '../sync/items.ts';
import { makeDue } from '../sync/schedule.ts';
import { amended } from './app-lease.ts';
import type { AppLook } from './basic.ts';
import { decideBasic } from './basic-decision.ts';
import type { CertificateEnd } from './end.ts';
import { DNS_TIMEOUT_MS, type Ready } from './examine.ts';
import { lately } from './limits.ts';
import { type OrderBook, placeOrder } from './place-order.ts';
import type { CertificateServices } from './services.ts';

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

/** `www.` points elsewhere: that it is served at all is the domain's to mend, and the order waits for it a while. */
const noteWww = ({ item }: Ready, s: CertificateServices): Promise<void> => {
  const now = s.clock.now();
  return change(s.ledger, domainKey(item.network, item.domain), (domain) =>
    domain?.wanted === 'present' && domain.state === 'present' && domain.dueAt === null
      ? { write: { ...domain, ...makeDue(domain, now, now) }, result: undefined }
      : { result: undefined },
  );
};

/**
 * One order for the certificate of one domain, or the reason why not yet. Throws what `placeOrder` throws.
 */
export const orderForDomain = async (
  wish: Ready,
  { asking, around, owner }: AppLook,
  s: CertificateServices,
): Promise<CertificateEnd> => {
  const { item, names, domainId } = wish;
  // Without a row of its own there is nothing to order for: the domain's next look finds or makes one.
  if (domainId === null) return { kind: 'later' };
  const [, www] = names;
  const { serverAddresses, dnsTarget } = around;
  const terms = { serverAddresses, dnsTarget, dnsReady: false, timeoutMs: DNS_TIMEOUT_MS };
  const found = www === undefined ? undefined : await s.dnsGate(www, terms);
  const bad = www !== undefined && found?.kind === 'not-here' ? [{ name: www, fix: found.fix }] : [];
  const now = s.clock.now();
  const decision = decideBasic({
    now,
    waits: s.waits,
    names,
    bad,
    oldestReadyAt: item.readySince ?? now,
    hostingOpen: false,
    orders: lately(item.orders, now),
  });
  if (bad.length > 0 && item.readySince === null) await noteWww(wish, s);
  if (decision.kind === 'wait') return { ...decision, kind: 'waiting' };
  if (decision.kind === 'too-many') return { kind: 'later' };
  const { set, despite } = decision;
  return placeOrder({ names, set, despite, domainId }, bookOf(wish, owner, s), asking, s);
};
