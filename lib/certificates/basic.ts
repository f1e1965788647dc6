import { change } from '../sync/change.ts';
import { ImplausibleAnswer } from '../sync/errors.ts';
import { type CertificateItem, type DomainItem, networkKey } from '../sync/items.ts';
import type { HostedDomain, Ledger } from '../sync/ports.ts';
import { WWW } from '../sync/www.ts';
import { amendAppOrder, recordAppOrder, workOf } from './app-lease.ts';
import type { Asking } from './asking.ts';
import { type BadName, decideBasic, MOST_NAMES } from './basic-decision.ts';
import type { CertificateEnd } from './end.ts';
import { DNS_AT_ONCE, DNS_TIMEOUT_MS, type Ready, type Surroundings } from './examine.ts';
import { inChunks } from './in-chunks.ts';
import { lately } from './limits.ts';
import { type OrderBook, placeOrder } from './place-order.ts';
import type { CertificateServices } from './services.ts';

const PAGE = 250;

/** Everything a look at one application's certificates works with. */
export interface AppLook {
  readonly owner: string;
  readonly asking: Asking;
  readonly around: Surroundings;
  /** All wishes of the network, by name. */
  readonly wishes: ReadonlyMap<string, CertificateItem>;
}

const namesOf = ({ name, www }: HostedDomain): string[] => (www === true ? [name, WWW + name] : [name]);

/** Work that may still change which names the certificate has to cover. A braked removal may wait for hours. */
const isOpen = ({ dueAt, state, reason }: DomainItem): boolean =>
  dueAt !== null && state !== 'paused' && reason !== 'removals-limited';

const isHostingOpen = async (ledger: Ledger, network: string): Promise<boolean> => {
  let cursor: string | undefined;
  do {
    const page = await ledger.page('domain', network, cursor, PAGE);
    if (page.items.some(isOpen)) return true;
    cursor = page.cursor;
  } while (cursor !== undefined);
  return false;
};

/** Attached names that the gate does not let pass; those in `passed` have just passed it. */
const badNames = async (
  names: readonly string[],
  passed: ReadonlySet<string>,
  { around, wishes }: AppLook,
  s: CertificateServices,
): Promise<BadName[]> => {
  const asked = names.filter((name) => !passed.has(name) && !name.startsWith('*.'));
  const found = await inChunks(asked, DNS_AT_ONCE, async (name) => {
    const dnsReady = wishes.get(name)?.retryReason === 'dns_ready';
    const { serverAddresses, dnsTarget } = around;
    const terms = { serverAddresses, dnsTarget, dnsReady, timeoutMs: DNS_TIMEOUT_MS };
    return { name, finding: await s.dnsGate(name, terms) };
  });
  return found.flatMap(({ name, finding }) =>
    finding.kind === 'not-here' ? [{ name, fix: finding.fix }] : [],
  );
};

const appBook = (network: string, owner: string, names: readonly string[], s: CertificateServices) => {
  const key = networkKey(network);
  return {
    record: (order) => change(s.ledger, key, recordAppOrder(owner, order, names)),
    amend: (at, to) => change(s.ledger, key, amendAppOrder(at, to)),
  } satisfies Pick<OrderBook, 'record' | 'amend'>;
};

const tooMany = (count: number): CertificateEnd => ({
  kind: 'failed',
  reason: 'name-limit',
  fix: `One certificate holds at most ${MOST_NAMES} names, and the web application has ${count}: switch it to advanced SSL in RunCloud's panel, where every domain has a certificate of its own`,
  error: { code: 'runcloud-refused', message: `${count} names do not fit into one certificate` },
});

/** Names of a recent order whose fruit is still to be seen: asking again would spend limits for nothing. */
const orderedLately = async (network: string, s: CertificateServices) => {
  const work = workOf((await s.ledger.read(networkKey(network)))?.item);
  const now = s.clock.now();
  const last = work.orders.at(-1);
  const running = last !== undefined && !last.failed && last.at > now - s.waits.unprovenMs;
  return { orders: lately(work.orders, now), at: running ? last.at : null, names: new Set(work.ordered) };
};

/**
 * One order for all names of the application, or the reason why not yet. Returns how each wish that is ready ends.
 * Throws what `placeOrder` and the listing throw.
 */
export const orderForAll = async (
  ready: readonly Ready[],
  look: AppLook,
  s: CertificateServices,
): Promise<Map<Ready, CertificateEnd>> => {
  const { asking, owner } = look;
  const { network, hosting } = asking;
  const ends = new Map<Ready, CertificateEnd>();
  const endAll = (wishes: readonly Ready[], end: CertificateEnd) => {
    for (const wish of wishes) ends.set(wish, end);
    return ends;
  };

  const lastly = await orderedLately(network, s);
  const covered = ready.filter(
    ({ names }) => lastly.at !== null && names.every((name) => lastly.names.has(name)),
  );
  if (lastly.at !== null) endAll(covered, { kind: 'requested', orderedAt: lastly.at });
  const rest = ready.filter((wish) => !ends.has(wish));
  if (rest.length === 0) return ends;

  const listing = await hosting.list();
  if (!listing.complete) {
    const error = new ImplausibleAnswer(
      'RunCloud listed its domains incompletely, so an order would miss some',
    );
    return endAll(rest, { kind: 'failing', error });
  }
  const names = [...new Set(listing.domains.flatMap(namesOf))];
  const now = s.clock.now();
  const passed = new Set(ready.map(({ item }) => item.domain));
  const decision = decideBasic({
    now,
    waits: s.waits,
    names,
    bad: names.length > MOST_NAMES ? [] : await badNames(names, passed, look, s),
    oldestReadyAt: Math.min(...rest.map(({ item }) => item.readySince ?? now)),
    hostingOpen: await isHostingOpen(s.ledger, network),
    orders: lastly.orders,
  });
  switch (decision.kind) {
    case 'too-many':
      return endAll(rest, tooMany(decision.count));
    case 'wait':
      return endAll(rest, { ...decision, kind: 'waiting' });
    case 'order': {
      const book = { last: lastly.orders.at(-1), ...appBook(network, owner, names, s) };
      const { set, despite } = decision;
      return endAll(rest, await placeOrder({ names, set, despite, domainId: undefined }, book, asking, s));
    }
  }
};
