import { selfSigned } from '../../world/ca/authority.ts';
import { takesName } from '../../world/ca/name-form.ts';
import { message, type Reply } from '../http/replies.ts';
import {
  type App,
  type Domain,
  namesOf,
  type OrderEntry,
  type Server,
  type Ssl,
  type SslHolder,
  type World,
} from '../state/state.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A CA's clock and a visitor's may differ a little: Let's Encrypt's certificates begin an hour early. */
const headStartMs = 60 * 60 * 1000;

/** Let's Encrypt's limit. */
const namesPerCertificate = 100;

export interface Order {
  readonly holder: SslHolder;
  /** What it shall become, but for what the CA adds. */
  readonly ssl: Ssl;
  readonly names: readonly string[];
  /** Where every name must lead. */
  readonly server: Pick<Server, 'ipAddress'>;
  readonly app: Pick<App, 'id'>;
}

function cannotIssue() {
  return message(422, 'Unable to issue the certificate. Check that the domain points to your server.');
}

async function isReached(
  { switches, resolves }: World,
  name: string,
  { ipAddress }: Order['server'],
): Promise<boolean> {
  return !switches.unreachableNames.includes(name) && (await resolves(name, ipAddress));
}

async function resolving(world: World, { names, server }: Pick<Order, 'names' | 'server'>) {
  const answers = await Promise.all(
    names.map(async (name) => ((await isReached(world, name, server)) ? [name] : [])),
  );
  return answers.flat();
}

/** The names the CA gives a certificate for; undefined: the whole order fails. */
async function provenNames(world: World, order: Order): Promise<readonly string[] | undefined> {
  const { unresolvedName, unsupportedName } = world.switches;
  const names = order.names.filter(takesName);
  const isRefused = names.length < order.names.length && unsupportedName === 'fails-order';
  const proven = isRefused ? [] : await resolving(world, { ...order, names });
  const fails = proven.length < names.length && unresolvedName === 'fails-order';
  return fails || proven.length === 0 ? undefined : proven;
}

/** The CA has spoken: the certificate is there, or the holder keeps what it had. */
function finish(
  world: World,
  { holder, ssl }: Pick<Order, 'holder' | 'ssl'>,
  proven: readonly string[] | undefined,
  entry: OrderEntry,
): boolean {
  entry.outcome = proven === undefined ? 'failed' : 'issued';
  if (proven === undefined) return false;
  const now = world.clock.now();
  const validUntil = now + world.switches.sslLifetimeDays * dayMs;
  const terms = { names: proven, notBefore: now - headStartMs, notAfter: validUntil };
  // No browser trusts the staging environment.
  const material = ssl.staging ? selfSigned(terms) : world.issue(terms);
  holder.ssl = { ...ssl, names: proven, validUntil, material };
  return true;
}

function noted(world: World, { names, app }: Pick<Order, 'names' | 'app'>): OrderEntry {
  const entry: OrderEntry = { at: world.clock.now(), appId: app.id, names, outcome: 'pending' };
  world.orders.push(entry);
  return entry;
}

/**
 * Orders a certificate for these names. A reply says that nothing came of it; otherwise the order is done or under way
 * and `ssl` is what will be installed.
 */
export async function placeOrder(world: World, order: Order): Promise<Reply | undefined> {
  const { holder, names } = order;
  if (names.length === 0) return message(422, 'There is no domain to issue a certificate for.');
  if (names.length > namesPerCertificate) return message(422, 'A certificate holds at most 100 names.');
  const { sslIssue, sslIssueMs } = world.switches;
  const entry = noted(world, order);
  switch (sslIssue) {
    case 'fails-422':
      entry.outcome = 'failed';
      return cannotIssue();
    case 'fails-500':
      entry.outcome = 'failed';
      return message(500, 'Server Error');
    case 'fails-200':
      entry.outcome = 'failed';
      return message(200, 'Too many certificates were issued for this server.');
    case 'delayed': {
      const readyAt = world.clock.now() + sslIssueMs;
      const proven = await provenNames(world, order);
      // Both orders were sent; of the earlier one nothing will be installed any more.
      if (holder.pending !== null) holder.pending.entry.outcome = 'superseded';
      holder.pending = { ssl: order.ssl, proven, readyAt, entry };
      return undefined;
    }
    case 'blocking':
      await world.clock.sleep(sslIssueMs);
      return finish(world, order, await provenNames(world, order), entry) ? undefined : cannotIssue();
    case 'immediate':
      return finish(world, order, await provenNames(world, order), entry) ? undefined : cannotIssue();
  }
}

function deliver(world: World, holder: SslHolder): void {
  const { pending } = holder;
  if (pending === null || pending.readyAt > world.clock.now()) return;
  holder.pending = null;
  finish(world, { holder, ssl: pending.ssl }, pending.proven, pending.entry);
}

function allHolders(world: World): { server: Server; app: App }[] {
  return world.workspaces.flatMap(({ servers }) =>
    servers.flatMap((server) => server.apps.map((app) => ({ server, app }))),
  );
}

/** Brings orders that are ready to their end. */
export function deliverOrders(world: World): void {
  for (const { app } of allHolders(world)) {
    deliver(world, app);
    for (const domain of app.domains) deliver(world, domain);
  }
}

interface DueCertificates {
  readonly server: Server;
  readonly app: App;
  readonly domain: Domain;
}

async function orderFor(world: World, { server, app, domain }: DueCertificates): Promise<void> {
  const names = await resolving(world, { names: namesOf(domain).filter(takesName), server });
  // Another order may have been quicker while DNS was asked.
  if (names.length === 0 || domain.ssl !== null) return;
  finish(world, { holder: domain, ssl: automatic(world) }, names, noted(world, { names, app }));
}

/** AutoSSL orders by itself for domains that have waited long enough, once their names resolve. */
export async function orderAutomatically(world: World): Promise<void> {
  const longSince = world.clock.now() - world.switches.sslIssueMs;
  const waiting = allHolders(world)
    .filter(({ app }) => app.mode.autoSSL)
    .flatMap(({ server, app }) => app.domains.map((domain) => ({ server, app, domain })))
    .filter(({ domain }) => domain.ssl === null && domain.createdAt <= longSince);
  for (const one of waiting) await orderFor(world, one);
}

function automatic(world: World): Ssl {
  return {
    id: world.nextId(),
    method: 'letsencrypt',
    enableHttp: false,
    enableHsts: false,
    protocolId: 2,
    authorizationMethod: 'http-01',
    staging: false,
    names: [],
    validUntil: 0,
    createdAt: world.clock.now(),
    material: undefined,
  };
}
