import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { WorkItem } from '../../../lib/sync/ledger/items/work-item.ts';
import { domainKey, type Key, type Kind, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Clock, DeadLetter, Ledger, Queue } from '../../../lib/sync/ledger/ports.ts';
import type { HostedDomain } from '../../../lib/sync/ledger/runcloud-ports.ts';
import type { Actor } from '../chance/scheduler.ts';
import type { SentEvent } from '../world/api-calls.ts';
import { mayBeOutOfUse } from '../world/incidents/item-faults.ts';
import { Promotion } from '../world/incidents/primary-promotion.ts';
import { protectedSince } from '../world/runcloud/protected-domains.ts';
import { domainOf, RETRY } from '../world/senders.ts';
import { leasesOutliveWorkers, NETWORK, START, type World } from '../world/world.ts';
import { ClaimWatch } from './claim-watch.ts';
import { CLOCKS_AGREE_MS } from './clocks.ts';
import { GraceWatch } from './grace-watch.ts';
import { CountedCrashes } from './leases/counted-crashes.ts';
import { noteTakeover } from './leases/crashes.ts';
import { KeptLeases } from './leases/kept-leases.ts';
import { LeftApplication } from './left-application.ts';
import { MessageRate } from './message-rate.ts';
import { PassCost } from './pass-cost.ts';
import { PauseWatch } from './pause-watch.ts';
import { RefusedMessages } from './refused-messages.ts';
import { SecretReads } from './secret-reads.ts';
import { SettledAgain } from './settled-again.ts';
import { givenUpTooSoon } from './time-tried.ts';
import { ToldReaders } from './told-readers.ts';
import { allCallsWait, refusalWaits } from './unusable-items.ts';

const HOUR_MS = 60 * 60_000;
/** A worker that never came back is missed a minute after its lease, whatever the sweep has sent meanwhile. */
const LEASE_MISSED_MS = 60_000;
/** A pass waits no longer in place for the slot of its first call. */
const LONGEST_WAIT_MS = 2_000;
/** A pass that has lasted so long may have no time for a call, and all that follows it. */
const SLOW_PASS_MS = 3 * 60_000;
/** RunCloud's minute, and the longest wait in place for a slot that was taken before its first answer. */
const LIMIT_LEARNT_MS = 80_000;
/** A write is counted and sent in one pass, which lasts no longer. */
const BEGINS_LATER_MS = 5 * 60_000;
/** A write begins within this time of its record, or not at all. */
const RECORDED_BEFORE_MS = 5_000;
/** Ages of a kept secret (docs/rules.md, "Applications and secrets"). */
const SECRET_KEPT_MS = 5 * 60_000;
const SECRET_LEAST_AGE_MS = 10_000;

/** What must hold while a run goes on. */
export class Watch {
  readonly #world: World;
  readonly #calls = new Map<Actor, string>();
  /** Those that have made a call. */
  readonly #called = new WeakSet<Actor>();
  readonly #messages: MessageRate;
  readonly #refused = new RefusedMessages();
  readonly #begun = new Map<Actor, number>();
  readonly #secretReads = new SecretReads();
  #firstCallAt: number | undefined;
  readonly #crashes: CountedCrashes;
  readonly #keptLeases: KeptLeases;
  readonly #claims: ClaimWatch;
  readonly #left: LeftApplication;
  readonly #pause: PauseWatch;
  readonly #grace: GraceWatch;
  readonly #cost: PassCost;
  readonly #settledAgain: SettledAgain;
  readonly #writes = { DELETE: [] as readonly number[], POST: [] as readonly number[] };
  readonly #deadLetters = new Set<string>();
  readonly #everUnwanted = new Set<string>();
  readonly broken: string[] = [];
  readonly promotion: Promotion;
  readonly told: ToldReaders;
  /** Called with every row that a worker adds, changes or removes. */
  onChange: (app: 0 | 1, name: string) => void = () => undefined;
  /** Called at the end of a pass that may have had no time left. */
  onSlowPass: () => void = () => undefined;
  /** Called with every write of a domain. */
  onWrite: (before: DomainItem | undefined, after: DomainItem) => void = () => undefined;

  constructor(world: World) {
    this.#world = world;
    this.promotion = new Promotion(world);
    this.#messages = new MessageRate(
      world,
      (name, since) => allCallsWait(world, since) || refusalWaits(world, name, since),
    );
    this.told = new ToldReaders(world);
    this.#crashes = new CountedCrashes(world, this.broken);
    this.#keptLeases = new KeptLeases(world, this.#crashes);
    this.#claims = new ClaimWatch(world);
    this.#left = new LeftApplication(world);
    this.#pause = new PauseWatch(world, this.broken);
    this.#grace = new GraceWatch(world);
    this.#cost = new PassCost(world);
    this.#settledAgain = new SettledAgain(world);
  }

  changed(app: 0 | 1, name: string): void {
    this.onChange(app, name);
  }

  passBegins(actor: Actor): void {
    this.#begun.set(actor, this.#world.scheduler.now());
  }

  /** With leases that outlive their workers, no two of them ask RunCloud about one domain at a time. */
  callBegins(actor: Actor, domain: string, method: string, op: string): void {
    const sound = leasesOutliveWorkers(this.#world);
    const other = [...this.#calls].find(([worker, name]) => worker !== actor && name === domain);
    if (sound && other !== undefined) {
      this.broken.push(`${actor.name} begins ${op} of ${domain} while ${other[0].name} is at it`);
    }
    this.#calls.set(actor, domain);
    this.#called.add(actor);
    this.#firstCallAt ??= this.#world.scheduler.now();
    this.#cost.runcloudCalled(actor);
    this.#pause.called(actor, this.#begun.get(actor) ?? 0);
    if (sound && method !== 'GET' && op.includes('/domains')) this.#mindRecord(actor, domain, op);
    this.broken.push(...this.#claims.called(actor, op));
    this.#left.called(actor, op);
    const { removalsPerHour, additionsPerHour } = this.#world.scenario;
    if (method === 'DELETE') this.#checkWriteLimit(method, removalsPerHour);
    if (method === 'POST' && op.endsWith('/domains')) this.#checkWriteLimit(method, additionsPerHour);
  }

  /** A write is sent right after its record, whatever it has waited for before: a list read meanwhile is older than it. */
  #mindRecord({ name }: Actor, domain: string, op: string): void {
    const { ledger, scheduler } = this.#world;
    if (!this.#isCalm() || op.includes('/ssl')) return;
    const { attempt = null } = ledger.peek(domainKey(NETWORK, domain)) ?? {};
    if (attempt === null || scheduler.now() - attempt.startedAt > RECORDED_BEFORE_MS)
      this.broken.push(`${name} sends ${op} long after it has recorded it`);
  }

  #checkWriteLimit(method: 'DELETE' | 'POST', perHour: number): void {
    const now = this.#world.scheduler.now();
    const recent = this.#writes[method].filter((at) => at > now - HOUR_MS + BEGINS_LATER_MS);
    this.#writes[method] = [...recent, now];
    if (perHour > 0 && recent.length >= perHour)
      this.broken.push(`${method} ${recent.length + 1} of an hour that has room for ${perHour}`);
  }

  /** The actor has read the secret, and knows what it protects. */
  secretRead(actor: Actor): void {
    this.#secretReads.read(actor, this.#world.scheduler.now());
  }

  /** The clock of an actor whose waits are seen. */
  watchingWaits(clock: Clock, actor: Actor): Clock {
    const sleep = (ms: number): Promise<void> => {
      this.#secretReads.over(actor);
      if (ms > LONGEST_WAIT_MS && this.#isCalm() && !this.#called.has(actor))
        this.broken.push(`${actor.name} waits ${Math.round(ms / 1_000)} s in place for its first call`);
      return clock.sleep(ms);
    };
    return { ...clock, sleep };
  }

  /** Nothing is slow, and nothing fails for other reasons than RunCloud's. */
  #isCalm(): boolean {
    const { roughness, slowness, skewsMs, incident } = this.#world.scenario;
    return roughness === 0 && slowness === 0 && skewsMs.every((ms) => ms === 0) && incident === null;
  }

  /** An addition or a retry that names the domain may have reached an API handler. */
  #mayBeAnnounced(domain: string): boolean {
    const { said, scenario, scheduler } = this.#world;
    const additions = said.filter(({ wanted }) => wanted === 'present');
    return [...additions, ...(scenario.ssl?.retries ?? [])].some(
      (event) => domainOf(event) === domain && START + event.saidAt * 1_000 <= scheduler.now(),
    );
  }

  /** A DELETE is about to be sent for a row. */
  removalBegins(actor: Actor, { name, www }: HostedDomain): void {
    if (!this.#mayBeAnnounced(name))
      this.broken.push(`${actor.name} removes ${name}, which was never announced`);
    this.broken.push(...this.#grace.removalBegins(actor, name, this.#begun.get(actor) ?? 0));
    this.#mindProtected(actor, 'removes', name, www === true ? [name, `www.${name}`] : [name]);
  }

  /** A row is about to lose the `www.` that it serves: the same. */
  wwwEnds(actor: Actor, { name }: HostedDomain): void {
    this.#mindProtected(actor, 'turns off', `www.${name}`, [`www.${name}`]);
  }

  /** Whether a name is protected is asked right before it may go, after every wait and every other call. */
  #mindProtected(actor: Actor, does: string, what: string, names: readonly string[]): void {
    const readAt = this.#secretReads.latest(actor);
    if (readAt === undefined) {
      this.broken.push(
        `${actor.name} ${does} ${what}, and has not asked right before whether it is protected`,
      );
      return;
    }
    for (const served of names) {
      const since = protectedSince(this.#world, served) ?? readAt;
      if (readAt > since + SECRET_LEAST_AGE_MS)
        this.broken.push(`${actor.name} ${does} ${served}, which is protected`);
    }
  }

  callEnds(actor: Actor): void {
    this.#secretReads.over(actor);
    this.#calls.delete(actor);
  }

  /** Where nothing is slow and every clock is right, the relay calls no more often than RunCloud takes calls. */
  turnedAway(): void {
    const { surroundings } = this.#world.scenario;
    // The first answer states the limit, and slots that were taken before it are used up.
    const known = this.#world.scheduler.now() > (this.#firstCallAt ?? 0) + LIMIT_LEARNT_MS;
    if (this.#isCalm() && known && surroundings.latency.runcloudMs === 0)
      this.broken.push('RunCloud turns a call away: it has had too many');
  }

  /** RunCloud refuses to work for that credential, or for that application. */
  callDenied(actor: Actor, status: number): void {
    this.#pause.denied(actor, status);
  }

  passFollowed(actor: Actor): void {
    this.#cost.goesOn(actor);
  }

  passWaits(domain: string): void {
    this.#messages.waits(domain);
  }

  /** A pass ends with this error, and the queue or the sweep brings its work back. */
  putOff({ name }: Pick<Actor, 'name'>, error: Error): void {
    if (this.#world.unsentDeadLetters.has(error))
      this.broken.push(`${name} leaves its work over a dead letter that it cannot send`);
  }

  /** The ledger as an actor meets it: it is seen which leases the actor takes and keeps. */
  watchingLeases(ledger: Ledger, actor: Actor): Ledger {
    return this.#keptLeases.noting(ledger, actor);
  }

  /** The ledger itself, of an actor whose crashes may be counted. */
  countingCrashes(ledger: Ledger, actor: Actor): Ledger {
    return this.#crashes.guarding(ledger, actor);
  }

  sweepEnds(actor: Actor): void {
    this.broken.push(...this.#keptLeases.ends(actor));
  }

  passEnds(actor: Actor): void {
    this.broken.push(...this.#keptLeases.ends(actor), ...this.#cost.ends(actor));
    this.#calls.delete(actor);
    this.promotion.passEnds(actor);
    const now = this.#world.scheduler.now();
    if ((this.#begun.get(actor) ?? now) > now - SLOW_PASS_MS) return;
    this.#messages.repeats();
    this.onSlowPass();
  }

  /** A DELETE takes effect. It is made for one domain, and an id means nothing to another application. */
  rowRemoved(actor: Actor, domain: string, { name, type }: HostedDomain): void {
    if (name !== domain) this.broken.push(`${actor.name} removes ${name} during a pass of ${domain}`);
    if (type === 'primary') this.broken.push(`${actor.name} removes the primary domain ${name}`);
  }

  /** The ledger itself, before chance, so that it sees what each write does to a lease and to a schedule. */
  guarding(ledger: Ledger, actor: Actor): Ledger {
    this.#grace.begins(actor);
    const write: Ledger['write'] = async (key, item, writes) => {
      const before = this.#domainAt(key);
      const workBefore = this.#workAt(key);
      const pausedBefore = this.#pause.current();
      const claimed = this.#claimed();
      const claimBefore = this.#claims.at(key);
      const unreadable = this.#world.ledger.isSpoilt(key);
      const done = await ledger.write(key, item, writes);
      if (done && unreadable) this.broken.push(`${actor.name} writes over ${key.item}, which it cannot read`);
      const after = this.#domainAt(key);
      if (done && after !== undefined) {
        this.#compare(actor, before, after);
        this.#left.written(actor, before, after, claimed);
        this.onWrite(before, after);
      }
      if (claimed === this.#world.runclouds[1].app.appId && this.#claimed() !== claimed) {
        this.broken.push(`${actor.name} moves the network back to the application it has left`);
      }
      if (done) this.broken.push(...this.#claims.written(actor, key, claimBefore));
      if (done) this.#pause.written(actor, pausedBefore);
      if (done) this.broken.push(...this.told.noticed(actor, key));
      if (done) this.broken.push(...this.told.owes(actor, workBefore, this.#workAt(key)));
      return done;
    };
    return this.countingCrashes(this.#cost.counting({ ...ledger, write }, actor), actor);
  }

  #claimed(): string | undefined {
    return this.#world.ledger.peek(networkKey(NETWORK))?.claim?.appId;
  }

  #workAt(key: Key<Kind>): WorkItem | undefined {
    return key.kind === 'certificate'
      ? this.#world.ledger.peek({ ...key, kind: 'certificate' })
      : this.#domainAt(key);
  }

  #domainAt(key: Key<Kind>): DomainItem | undefined {
    return key.kind === 'domain' ? this.#world.ledger.peek({ ...key, kind: 'domain' }) : undefined;
  }

  #compare(actor: Actor, before: DomainItem | undefined, after: DomainItem): void {
    noteTakeover(this.#world, domainKey(NETWORK, after.domain).item, before, after);
    const refused = this.#refused.written(actor, before, after);
    if (refused !== undefined) this.broken.push(refused);
    if (before?.version.id !== after.version.id) this.#world.arrivals.arrived(after.domain, after.version.id);
    if (before === undefined && actor.name.startsWith(`API handler(${RETRY}`)) {
      this.#world.announcing.add(actor.name.slice('API handler('.length, -1));
    }
    if (after.wanted === 'absent') this.#everUnwanted.add(after.domain);
    this.#grace.written(actor, before, after);
    const others = before?.owner?.startsWith(`${actor.name}.`) === false;
    const held = (before?.leaseUntil ?? 0) > this.#world.scheduler.now() + CLOCKS_AGREE_MS;
    if (others && held && after.owner !== before?.owner) {
      this.broken.push(`${actor.name} ends the lease of ${before?.owner} on ${after.domain}`);
    }
    const { owner, leaseUntil, sendAt } = after;
    const alive =
      owner !== null && leaseUntil !== null && leaseUntil > this.#world.scheduler.now() + CLOCKS_AGREE_MS;
    // An update or a requeue has a message of its own soon, and a removal within its grace period is missed by no one.
    const ownMessageAt = Math.max(
      this.#world.scheduler.now() + this.#world.delays.apiMarginMs,
      after.dueAt ?? 0,
    );
    const missedAt = Math.max((leaseUntil ?? 0) + LEASE_MISSED_MS, ownMessageAt);
    if (alive && (sendAt ?? 0) > missedAt + CLOCKS_AGREE_MS) {
      this.broken.push(
        `${actor.name} has the message for ${after.domain} come long after the lease of ${owner}`,
      );
    }
    const settled = before?.owner?.startsWith(`${actor.name}.`) === true && after.owner === null;
    if (settled) this.promotion.passEnds(actor);
    if (settled && after.dueAt === null) this.broken.push(...this.#settledAgain.settled(after.domain));
    this.broken.push(...givenUpTooSoon(before, after, this.#world));
    const wantsMessage = after.dueAt !== null || after.toSend.length > 0;
    if (wantsMessage !== (after.sendAt !== null)) {
      this.broken.push(
        `${actor.name} leaves ${after.domain} ${wantsMessage ? 'without a message' : 'with a needless message'}`,
      );
    }
  }

  watchingDeadLetters(queue: Queue): Queue {
    const sendDeadLetter: Queue['sendDeadLetter'] = (deadLetter) => {
      this.#deadLetterBegins(deadLetter);
      return queue.sendDeadLetter(deadLetter);
    };
    return { ...queue, sendDeadLetter };
  }

  /** A dead letter repeats what the ledger says: it may be sent twice, but never before it is owed. */
  #deadLetterBegins({ id }: DeadLetter): void {
    const owed = this.#world.ledger
      .all('domain')
      .some(({ toSend }) => toSend.some((deadLetter) => deadLetter.id === id));
    if (owed) this.#deadLetters.add(id);
    if (!this.#deadLetters.has(id))
      this.broken.push(`dead letter ${id} is sent before the ledger says failed`);
  }

  /** An update resets the delays and the count of messages. An API handler keeps the secret for some minutes. */
  updateAccepted(domain: string, calledAt: number, api: SentEvent['api']): void {
    // Each pass that fails after it wakes the `www.` too, whose row it may have changed.
    for (const name of [domain, `www.${domain}`]) this.#messages.updated(name);
    this.#settledAgain.updated(domain);
    const since = protectedSince(this.#world, domain) ?? calledAt;
    // An addition may take back a removal.
    if (api === 'domain-added' && this.#everUnwanted.has(domain)) return;
    if (calledAt > since + SECRET_KEPT_MS)
      this.broken.push(`${domain} is protected, and an API handler accepts an update about it`);
  }

  killed(actor: Actor): void {
    this.#keptLeases.killed(actor);
    this.#crashes.killed(actor);
    this.#begun.delete(actor);
    this.#messages.repeats();
  }

  /** The sweep's queue, counting the messages about each domain. */
  countingMessages(queue: Queue, actor: Actor): Queue {
    const send: Queue['send'] = async (messages) => {
      const left = await queue.send(messages);
      this.#refused.sent(actor, messages, left);
      for (const { message } of messages.filter((one) => !left.includes(one))) {
        // Nothing can record that a message was sent about an item that the relay cannot use.
        if (mayBeOutOfUse(this.#world, message)) continue;
        const name = message.domain ?? '';
        if (this.#messages.isEndless(name)) this.broken.push(`${name} gets messages without end`);
      }
      return left;
    };
    return { ...queue, send };
  }
}
