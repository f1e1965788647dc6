import { message, type Reply } from './replies.ts';
import { allApps, namesOf, type OrderEntry, type Ssl, type SslHolder, type World } from './state.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Let's Encrypt's limit. */
const namesPerCertificate = 100;

const cannotIssue = () =>
  message(422, 'Unable to issue the certificate. Check that the domain points to your server.');

/** The names the CA gives a certificate for; undefined: the whole order fails. */
const provenNames = (world: World, names: readonly string[]): readonly string[] | undefined => {
  const resolving = names.filter((name) => world.resolves(name));
  const fails = resolving.length < names.length && world.switches.unresolvedName === 'fails-order';
  return fails || resolving.length === 0 ? undefined : resolving;
};

/** The CA has spoken: the certificate is there, or the holder keeps what it had. */
const finish = (
  world: World,
  holder: SslHolder,
  ssl: Ssl,
  names: readonly string[],
  entry: OrderEntry,
): boolean => {
  const proven = provenNames(world, names);
  entry.outcome = proven === undefined ? 'failed' : 'issued';
  if (proven === undefined) return false;
  const validUntil = world.clock.now() + world.switches.sslLifetimeDays * dayMs;
  holder.ssl = { ...ssl, names: proven, validUntil, material: world.issue({ names: proven }) };
  return true;
};

/**
 * Orders a certificate for these names. A reply says that nothing came of it; otherwise the order is done or under way
 * and `ssl` is what will be installed.
 */
export const placeOrder = async (
  world: World,
  holder: SslHolder,
  ssl: Ssl,
  names: readonly string[],
): Promise<Reply | undefined> => {
  if (names.length === 0) return message(422, 'There is no domain to issue a certificate for.');
  if (names.length > namesPerCertificate) return message(422, 'A certificate holds at most 100 names.');
  const { sslIssue, sslIssueMs } = world.switches;
  const entry: OrderEntry = { at: world.clock.now(), names, outcome: 'pending' };
  world.orders.push(entry);
  switch (sslIssue) {
    case 'fails-422':
      entry.outcome = 'failed';
      return cannotIssue();
    case 'fails-500':
      entry.outcome = 'failed';
      return message(500, 'Server Error');
    case 'delayed':
      holder.pending = { ssl, names, readyAt: world.clock.now() + sslIssueMs, entry };
      return undefined;
    case 'blocking':
      await world.clock.sleep(sslIssueMs);
      return finish(world, holder, ssl, names, entry) ? undefined : cannotIssue();
    case 'immediate':
      return finish(world, holder, ssl, names, entry) ? undefined : cannotIssue();
  }
};

const deliver = (world: World, holder: SslHolder): void => {
  const { pending } = holder;
  if (pending === null || pending.readyAt > world.clock.now()) return;
  holder.pending = null;
  finish(world, holder, pending.ssl, pending.names, pending.entry);
};

/** Brings orders that are ready to their end, and lets AutoSSL order for domains that have waited long enough. */
export const deliverOrders = (world: World): void => {
  const now = world.clock.now();
  for (const app of allApps(world)) {
    deliver(world, app);
    for (const domain of app.domains) {
      deliver(world, domain);
      const waits = domain.ssl === null && domain.createdAt + world.switches.sslIssueMs <= now;
      const names = namesOf(domain).filter((name) => world.resolves(name));
      if (!app.mode.autoSSL || !waits || names.length === 0) continue;
      const entry: OrderEntry = { at: now, names, outcome: 'pending' };
      world.orders.push(entry);
      finish(world, domain, automatic(world), names, entry);
    }
  }
};

const automatic = (world: World): Ssl => ({
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
});
