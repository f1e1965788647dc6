import { waitsForMessage } from '../../../../lib/certificates/next-message.ts';
import type { CertificateFact } from '../../../../lib/certificates/services.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { CertificateWork } from '../../../../lib/sync/ledger/items/certificate-work-item.ts';
import type { DomainItem, Parking } from '../../../../lib/sync/ledger/items/domain-item.ts';
import type { OwedDeadLetter } from '../../../../lib/sync/ledger/items/work-item.ts';
import {
  certificateKey,
  certificateWorkKey,
  domainKey,
  networkKey,
} from '../../../../lib/sync/ledger/keys.ts';
import type { DeadLetter, Ledger, Queue } from '../../../../lib/sync/ledger/ports.ts';
import type { Networks } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import type { Actor } from '../../chance/scheduler.ts';
import type { SslWorld } from '../../world/certificates/ssl-world.ts';
import { protectedSince } from '../../world/runcloud/protected-domains.ts';
import { NETWORK, type World } from '../../world/world.ts';
import { CLOCKS_AGREE_MS } from '../clocks.ts';
import { noteTakeover } from '../leases/crashes.ts';
import { MessageRate } from '../message-rate.ts';
import { allCallsWait, certificatesWait, orderWaits } from '../unusable-items.ts';
import { heldTooLong } from './held-names.ts';
import { MovedOrders } from './moved-orders.ts';
import { NewlyServed } from './newly-served.ts';
import { OrderWatch } from './order-watch.ts';
import { OtherRows } from './other-rows.ts';
import { RefusedWorkers } from './refused-workers.ts';
import { ReturnedDomains } from './returned-domains.ts';

const MINUTE_MS = 60_000;
/** A pass knows a secret of five minutes before it began, lasts five minutes at most, and its clock may be fast. */
const READ_BEFORE_MS = 10 * MINUTE_MS + CLOCKS_AGREE_MS;

/** A worker is stopped after five minutes. */
const LONGEST_PASS_MS = 5 * MINUTE_MS;

/** What must hold of certificates while a run goes on. */
export class CertificateWatch {
  readonly #world: World;
  readonly #ssl: SslWorld;
  readonly orders: OrderWatch;
  readonly #moved: MovedOrders;
  readonly #broken: string[];
  readonly #messages: MessageRate;
  readonly #deadLetters = new Map<string, number>();
  /** When each request was last given up. */
  readonly #failedAt = new Map<string, number>();
  readonly #otherRows: OtherRows;
  readonly #newlyServed = new NewlyServed();
  readonly #refused: RefusedWorkers;
  readonly returned: ReturnedDomains;
  /** When each request is due whose message a pass sends. */
  readonly #leftToPass = new Map<string, number | null>();
  /** When a name was last parked, or one returned: every order then waits anew for RunCloud. */
  #parkingChangedAt = Number.NEGATIVE_INFINITY;
  /** Names that a pass has found ready for an order, or served. */
  readonly #seenHere = new Set<string>();

  constructor(world: World, ssl: SslWorld, broken: string[]) {
    this.#world = world;
    this.#ssl = ssl;
    this.#broken = broken;
    this.#messages = new MessageRate(
      world,
      (name, since) =>
        allCallsWait(world, since) || certificatesWait(world, since) || orderWaits(world, name, since),
    );
    this.#refused = new RefusedWorkers(world);
    this.#otherRows = new OtherRows(world, broken);
    this.returned = new ReturnedDomains(world, broken);
    this.orders = new OrderWatch(ssl, world, broken);
    this.#moved = new MovedOrders(world, broken);
  }

  /** The ledger has a new state of a domain. */
  domainWritten(before: DomainItem | undefined, after: DomainItem): void {
    this.#newlyServed.domainWritten(before, after, this.#ssl.scheduler.now());
    this.#checkWithheld(before, after);
    this.#otherRows.domainWritten(after);
    this.returned.domainWritten(before, after);
    // Every order of the application waits for a parking, a few minutes, and what it then covers is another set.
    if ((before?.parking?.at ?? null) !== (after.parking?.at ?? null)) {
      this.#parkingChangedAt = this.#ssl.scheduler.now();
      this.#messages.updatedAll();
    }
    // A removal that is taken back returns to the parking of before.
    const returns = after.parking?.at === before?.grace?.before?.parking?.at;
    if (after.parking !== null && before?.parking === null && !returns)
      this.#checkParking(before, after.parking);
  }

  /** RunCloud keeps serving a protected `www.`. A pass may have read the secret before it was protected. */
  #checkWithheld(before: DomainItem | undefined, { domain, wwwWithheld }: DomainItem): void {
    if (wwwWithheld === null || wwwWithheld.at === before?.wwwWithheld?.at) return;
    const since = protectedSince(this.#world, `www.${domain}`);
    if (since !== undefined && this.#ssl.scheduler.now() > since + READ_BEFORE_MS)
      this.#broken.push(`the www. of ${domain} is withheld, and is protected`);
  }

  /** A name is parked that has been served for a while and was never seen to point here. */
  #checkParking({ domain, since }: DomainItem, { at }: Parking): void {
    if (this.#seenHere.has(domain)) this.#broken.push(`${domain} is parked, and has pointed here`);
    const servedMs = at - Date.parse(since);
    if (servedMs < this.#ssl.delays.parkedAfterMs - CLOCKS_AGREE_MS) {
      this.#broken.push(`${domain} is parked after ${servedMs / MINUTE_MS} minutes`);
    }
  }

  /** A worker has ended its call, and nothing was out of reach. */
  passEnds(actor: Actor): void {
    const fault = this.#refused.ends(actor);
    if (fault !== undefined) this.#broken.push(fault);
  }

  /** The queue of those that send messages for certificates; each message is noted. */
  watchingMessages(queue: Pick<Queue, 'send'>): Pick<Queue, 'send'> {
    return this.#refused.notingMessages(queue);
  }

  repeats(): void {
    this.#messages.repeats();
  }

  /** The ledger for one actor; it sees what each write does to requests and to the lease of the application. */
  guarding(ledger: Ledger, actor: Actor): Ledger {
    const requestOf = (network: string, name: string) =>
      this.#world.ledger.peek(certificateKey(network, name));
    const workOf = (network: string) => this.#world.ledger.peek(certificateWorkKey(network)) ?? null;
    const write: Ledger['write'] = async (key, item, writes) => {
      const { network } = key;
      const name = key.kind === 'certificate' ? key.item.slice('certificate#'.length) : undefined;
      const before = name === undefined ? undefined : requestOf(network, name);
      const workBefore = key.kind === 'certificateWork' ? workOf(network) : null;
      const { takenBack } = this.orders;
      const countsBefore = takenBack.at(key);
      const done = await ledger.write(key, item, writes);
      if (!done) return done;
      takenBack.written(key, countsBefore);
      const after = name === undefined ? undefined : requestOf(network, name);
      if (after !== undefined) {
        this.#compare(actor, before, after);
        if (!this.#world.ledger.has(networkKey(network)))
          this.#broken.push(`${actor.name} writes ${key.item}, by whose network no sweep finds it`);
      }
      if (workBefore !== null) this.#mindAppLease(actor, workBefore, workOf(network));
      const ordered = key.kind === 'certificateWork' ? workOf(network) : after;
      if (ordered) this.#moved.written(actor, workBefore ?? before, ordered, key.kind === 'certificateWork');
      return done;
    };
    const read: Ledger['read'] = async (key) => {
      const stored = await ledger.read(key);
      if (key.kind === 'domain') {
        const domain = key.item.slice('domain#'.length);
        this.#newlyServed.domainRead(domain, actor.name, this.#ssl.scheduler.now());
      }
      return stored;
    };
    return this.#refused.noting({ ...ledger, read, write }, actor);
  }

  #mindLease(
    actor: Actor,
    what: string,
    before: Pick<CertificateWork, 'owner' | 'leaseUntil'>,
    owner: string | null,
  ) {
    const others = before.owner?.startsWith(`${actor.name}.`) === false;
    const held = (before.leaseUntil ?? 0) > this.#ssl.scheduler.now() + CLOCKS_AGREE_MS;
    if (others && held && owner !== before.owner) {
      this.#broken.push(`${actor.name} ends the lease of ${before.owner} on ${what}`);
    }
  }

  #mindAppLease(actor: Actor, before: CertificateWork, after: CertificateWork | null): void {
    this.#mindLease(actor, 'the application', before, after?.owner ?? null);
  }

  #compare(actor: Actor, before: CertificateItem | undefined, after: CertificateItem): void {
    const { domain } = after;
    noteTakeover(this.#world, certificateKey(NETWORK, domain).item, before, after);
    const missed = this.#newlyServed.certificateWritten(before, after, this.#ssl.scheduler.now());
    // A lease that ends before its pass hides that pass, and what it is about to record, from the check.
    if (missed !== undefined && this.#world.scenario.leaseSeconds * 1_000 >= LONGEST_PASS_MS)
      this.#broken.push(`${actor.name} ${missed}`);
    if (before !== undefined) this.#mindLease(actor, `the request for ${domain}`, before, after.owner);
    // What was seen goes with a request that is forgotten.
    if (before === undefined) this.#seenHere.delete(domain);
    if (after.readySince !== null || after.state === 'valid' || after.dnsReadyAt !== null) {
      this.#seenHere.add(domain);
    }
    // A removal forgets what was seen: what is added later may point elsewhere.
    if (!after.wanted && after.pointedHereAt === null && after.dnsReadyAt === null)
      this.#seenHere.delete(domain);
    if (after.dnsReadyAt !== null) this.orders.readySaid(domain, after.dnsReadyAt);
    const wantsMessage = after.dueAt !== null || after.toSend.length > 0;
    if (wantsMessage !== (after.sendAt !== null)) {
      this.#broken.push(
        `${actor.name} leaves the request for ${domain} ${wantsMessage ? 'without a message' : 'with a needless message'}`,
      );
    }
    // A dead letter is kept for two weeks: none of a request that was forgotten is left.
    if (before === undefined) this.#forgetDeadLetters(domain);
    for (const owed of after.toSend) if (owed.kind === 'dead-letter') this.#checkDeadLetter(after, owed);
    const delays = (item: CertificateItem | undefined) => item?.state === 'waiting-dns';
    const { chances, plan } = this.#ssl;
    // Delays start again with an update, an order, with the wait for a customer's DNS and its end; and AutoSSL has its half
    // hour again when it is switched to, and after a handshake that did not come about.
    const autossl = after.reason === 'autossl' && before?.reason !== 'autossl';
    const anew =
      before?.revision !== after.revision ||
      before.orderedAt !== after.orderedAt ||
      delays(before) !== delays(after) ||
      (autossl && (chances.unverified > 0 || plan.switches !== null));
    if (anew) this.#messages.updated(domain);
    else if (this.#bringsMessage(actor, before, after)) this.#checkMessages(after);
  }

  #forgetDeadLetters(domain: string): void {
    this.#failedAt.delete(domain);
    for (const id of [...this.#deadLetters.keys()])
      if (id.startsWith(`${NETWORK}/${domain}/`)) this.#deadLetters.delete(id);
  }

  /** The sweep has sent one, or a pass leaves the next one to its own. That of the sweep in place of one that a pass could not send is the same. */
  #bringsMessage(actor: Actor, before: CertificateItem, after: CertificateItem): boolean {
    const { domain, dueAt } = before;
    if (before.owner !== null && after.owner === null && waitsForMessage(after, this.#ssl.delays)) {
      this.#leftToPass.set(domain, after.dueAt);
      return true;
    }
    if (!actor.name.startsWith('sweep') || before.sendAt === after.sendAt) return false;
    const isInPlace = this.#leftToPass.get(domain) === dueAt;
    this.#leftToPass.delete(domain);
    return !isInPlace;
  }

  #checkDeadLetter(item: CertificateItem, deadLetter: OwedDeadLetter): void {
    const { id, lastFailureAt } = deadLetter;
    const known = this.#deadLetters.get(id);
    // Time does not change what an operator has uploaded, nor how many names there are.
    const uploaded = this.#ssl.plan.uploaded && item.reason === 'custom-certificate';
    const tooMany =
      item.reason === 'name-limit' && this.#ssl.issuers.some(({ hasTooManyNames }) => hasTooManyNames);
    if (known === undefined && !uploaded && !tooMany) this.#mindPatience(item.domain, deadLetter);
    if (known === undefined && item.state !== 'failed')
      this.#broken.push(`a dead letter while ${item.domain} is ${item.state}`);
    if (known !== undefined && known !== lastFailureAt)
      this.#broken.push(`two dead letters for one try: ${id}`);
    this.#deadLetters.set(id, lastFailureAt);
    this.#failedAt.set(item.domain, lastFailureAt);
  }

  /**
   * A passing failure is tried for fifteen hours of waits, which count as far as they have passed; clocks differ by less
   * than the minute that is left. Only AutoSSL has had its time before the first failure.
   */
  #mindPatience(domain: string, { code, firstFailureAt, lastFailureAt }: OwedDeadLetter): void {
    const { issuers, plan, delays } = this.#ssl;
    const autossl = [plan.switches?.mode, ...issuers.map(({ mode }) => mode)].includes('autossl');
    // A new try has its full time, whatever failed before it.
    const triedMs = lastFailureAt - Math.max(firstFailureAt, this.#failedAt.get(domain) ?? firstFailureAt);
    if (code === 'internal-error' || autossl || triedMs >= delays.givingUpMs - MINUTE_MS) return;
    this.#broken.push(
      `the certificate of ${domain} is given up (${code}) after ${triedMs / MINUTE_MS} minutes`,
    );
  }

  #checkMessages({ domain, readySince, reason, state }: CertificateItem): void {
    // A request waits a minute, again and again, while a pass over its domain is under way, and that pass may be slow.
    const served = this.#world.ledger.peek(domainKey(NETWORK, domain));
    const { owner = null, leaseUntil, wwwWithheld = null } = served ?? {};
    if (owner !== null && (leaseUntil ?? 0) > this.#ssl.scheduler.now() - CLOCKS_AGREE_MS) return;
    // An order waits three minutes at most for open hosting work, from when the name is ready, a name is parked or `www.` withheld.
    const { scheduler, delays } = this.#ssl;
    const gathersSince = Math.max(readySince ?? 0, this.#parkingChangedAt, wwwWithheld?.at ?? 0);
    const gathersUntil = gathersSince + delays.oldestMs + CLOCKS_AGREE_MS;
    const gathers = state === 'pending' && reason === null && scheduler.now() <= gathersUntil;
    if (this.#messages.isEndless(domain, { gathers }))
      this.#broken.push(`the request for ${domain} gets messages without end`);
  }

  /** The networks of a worker, which sees for which application it works. */
  watchingNetworks(networks: Networks, actor: Actor): Networks {
    return this.#moved.watching(networks, actor);
  }

  /** A pass has ended so, over the request as it took it. */
  ended(actor: Actor, fact: CertificateFact & { kind: 'checked' }): void {
    const { item, result } = fact;
    this.#moved.ended(actor, fact);
    if (result.kind === 'held') this.#messages.waits(item.domain);
    this.#broken.push(...heldTooLong(item, result, this.#world, this.#ssl));
  }

  watchingDeadLetters(queue: Queue): Queue {
    const sendDeadLetter = (deadLetter: DeadLetter): Promise<void> => {
      if (!this.#deadLetters.has(deadLetter.id))
        this.#broken.push(`dead letter ${deadLetter.id} is sent before the ledger says failed`);
      return queue.sendDeadLetter(deadLetter);
    };
    return { ...queue, sendDeadLetter };
  }
}
