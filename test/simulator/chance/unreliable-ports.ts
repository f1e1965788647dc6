import { Unavailable } from '../../../lib/errors.ts';
import type { Secrets } from '../../../lib/settings/settings.ts';
import { AWS_CALL_MS } from '../../../lib/sync/ledger/budgets.ts';
import type { Key, Kind } from '../../../lib/sync/ledger/keys.ts';
import type { Clock, DueWork, Ledger, Queue } from '../../../lib/sync/ledger/ports.ts';
import { createBy } from '../../doubles/create-by.ts';
import type { MemoryLedger } from '../../doubles/ledger.ts';
import type { MemoryQueue } from '../../doubles/queue.ts';
import type { Scenario } from '../scenario.ts';
import { isThrottled, itemWasWritten, outcomeIsWritten } from '../world/incidents/item-faults.ts';
import type { Random } from './random.ts';
import type { Actor, Scheduler, Sent } from './scheduler.ts';
import type { ItemFault } from './surroundings.ts';

export interface Chances {
  /** A call to the ledger or the queue fails, before or after it was done. */
  away: number;
  /** A message that was accepted never arrives, or arrives twice. */
  messageLost: number;
  messageTwice: number;
  /** A write is refused as if another one had come first. */
  writeRefused: number;
  /** The index of due work lags: it shows what it showed before. */
  indexLags: number;
  /** The queue takes a batch but for one of its messages, or for some. */
  messageRefused: number;
  /** The queue does not take a dead letter. */
  deadLetterRefused: number;
  /** A dead letter is moved back to the queue, some time later. */
  movedBack: number;
}

const MOVED_BACK_WITHIN_MS = 2 * 60 * 60_000;
/** Without a limit a repeated failure would never end. */
const MOST_MOVED_BACK = 6;

interface World {
  readonly scenario: Scenario;
  readonly scheduler: Scheduler;
  readonly surroundingsRandom: Random;
  readonly random: Random;
  readonly contentionRandom: Random;
  /** What the index of due work showed last, by what was asked. */
  readonly shownDue: Map<string, DueWork[]>;
  /** The same to passes over the certificates of a network. */
  readonly shownToPasses: Map<string, { readonly at: number; readonly rows: DueWork[] }>;
  readonly chances: Chances;
  readonly ledger: MemoryLedger;
  readonly faultyOutcomes: Map<ItemFault, Key<'outcome'>>;
  readonly movedBack: Set<string>;
  /** Errors that a task has met when it sent a dead letter. */
  readonly unsentDeadLetters: WeakSet<object>;
  deadLettersUnderWay: number;
}

async function stepped<T>(
  { scheduler, random, chances }: World,
  actor: Actor,
  what: 'ledger' | 'queue' | 'secrets',
  step: string,
  act: () => Promise<T>,
): Promise<T> {
  // Its caller has stopped waiting for it.
  const sent: Sent = (arrivesAt) => {
    if (arrivesAt !== undefined) scheduler.at(arrivesAt, () => void act().catch(() => undefined));
  };
  await scheduler.step(actor, `before ${step}`, undefined, sent);
  if (random.chance(chances.away)) throw new Unavailable(what);
  const result = await act();
  await scheduler.step(actor, `after ${step}`);
  if (random.chance(chances.away)) throw new Unavailable(what);
  return result;
}

async function lagging(
  { contentionRandom, chances, shownDue }: World,
  asked: string,
  ask: () => Promise<DueWork[]>,
): Promise<DueWork[]> {
  const before = shownDue.get(asked);
  if (before !== undefined && contentionRandom.chance(chances.indexLags)) return before;
  const now = await ask();
  shownDue.set(asked, now);
  return now;
}

/** An index lags behind by seconds, not by hours. */
const LONGEST_LAG_MS = 60_000;

/** All rows of a network's certificates, as a pass is shown them: what it means of them is its own. */
async function laggingPass(
  { contentionRandom, chances, shownToPasses, scheduler }: World,
  network: string,
  ledger: Ledger,
): Promise<DueWork[]> {
  const before = shownToPasses.get(network);
  const isLate = before !== undefined && scheduler.now() - before.at <= LONGEST_LAG_MS;
  if (isLate && contentionRandom.chance(chances.indexLags)) return before.rows;
  const everything = { until: Number.POSITIVE_INFINITY, limit: Number.MAX_SAFE_INTEGER };
  const rows = await ledger.dueCertificates(network, everything);
  shownToPasses.set(network, { at: scheduler.now(), rows });
  return rows;
}

/** The SDK repeats a call that DynamoDB throttles, until its own time is over. */
async function throttle(world: World, actor: Actor, key: Key<Kind>): Promise<void> {
  const { scheduler, surroundingsRandom } = world;
  if (!isThrottled(world, key)) return;
  if (scheduler.isOver(actor)) throw new Unavailable('ledger');
  const takesMs = surroundingsRandom.between(100, AWS_CALL_MS);
  await scheduler.step(actor, `throttled ${key.item}`, scheduler.now() + takesMs);
  throw new Unavailable('ledger');
}

/** The ledger as one actor meets it: every call is two steps of the schedule and may fail on either side. */
export function unreliableLedger(world: World, actor: Actor, ledger: Ledger): Ledger {
  const oneItem: Pick<Ledger, 'read' | 'readAll' | 'write'> = {
    read: (key) =>
      stepped(world, actor, 'ledger', `read ${key.item}`, async () => {
        await throttle(world, actor, key);
        return ledger.read(key);
      }),
    readAll: (keys) =>
      stepped(world, actor, 'ledger', `read ${keys.map(({ item }) => item).join(', ')}`, async () => {
        const throttled = keys.filter((key) => isThrottled(world, key));
        const read = await ledger.readAll(keys);
        return {
          of: (key) => {
            if (throttled.some(({ network, item }) => network === key.network && item === key.item))
              throw new Unavailable('ledger');
            return read.of(key);
          },
        };
      }),
    write: (key, item, writes) =>
      stepped(world, actor, 'ledger', `write ${key.item}`, async () => {
        outcomeIsWritten(world, key, item);
        await throttle(world, actor, key);
        if (world.contentionRandom.chance(world.chances.writeRefused)) return false;
        const done = await ledger.write(key, item, writes);
        if (done) itemWasWritten(world, key);
        return done;
      }),
  };
  return {
    ...oneItem,
    create: createBy(oneItem),
    due: (kind, until, limit) =>
      stepped(world, actor, 'ledger', `due ${kind}`, () =>
        lagging(world, kind, () => ledger.due(kind, until, limit)),
      ),
    dueCertificates: (network, asked) =>
      stepped(world, actor, 'ledger', `due certificate of ${network}`, () => {
        const { meant, until, limit } = asked;
        if (meant === undefined)
          return lagging(world, `certificate of ${network}`, () => ledger.dueCertificates(network, asked));
        return laggingPass(world, network, ledger).then((rows) =>
          rows.filter((row) => row.sendAt <= until && meant(row)).slice(0, limit),
        );
      }),
    // Nothing in this history was written by an old version.
    dueOldCertificates: (until, limit) => ledger.dueOldCertificates(until, limit),
    networks: () => stepped(world, actor, 'ledger', 'networks', () => ledger.networks()),
    page: (kind, network, cursor, limit) =>
      stepped(world, actor, 'ledger', `page ${kind}`, () => ledger.page(kind, network, cursor, limit)),
  };
}

/** The queue as one actor meets it. It calls `arrived` for every message that will be delivered. */
export function unreliableQueue(
  world: World,
  actor: Actor,
  queue: MemoryQueue,
  arrived: (delaySeconds: number) => void,
): Queue {
  return {
    send: (messages) =>
      stepped(world, actor, 'queue', 'send', async () => {
        const refused = messages.filter(() => world.random.chance(world.chances.messageRefused));
        for (const message of messages) {
          if (refused.includes(message)) continue;
          const copies = world.random.chance(world.chances.messageLost)
            ? 0
            : world.random.chance(world.chances.messageTwice)
              ? 2
              : 1;
          for (let copy = 0; copy < copies; copy++) {
            await queue.send([message]);
            arrived(message.delaySeconds);
          }
        }
        return refused;
      }),
    sendDeadLetter: (deadLetter) => {
      const send = async () => {
        if (world.random.chance(world.chances.deadLetterRefused)) throw new Unavailable('queue');
        await queue.sendDeadLetter(deadLetter);
        if (world.movedBack.size >= MOST_MOVED_BACK || !world.random.chance(world.chances.movedBack)) return;
        const later = world.scheduler.now() + world.random.between(0, MOVED_BACK_WITHIN_MS);
        world.movedBack.add(deadLetter.id);
        world.deadLettersUnderWay++;
        world.scheduler.at(later, () => {
          world.deadLettersUnderWay--;
          world.scheduler.note(`dead letter ${deadLetter.id} is moved back`);
          queue.send([{ message: deadLetter.message, delaySeconds: 0 }]).then(() => arrived(0), unexpected);
        });
      };
      return stepped(world, actor, 'queue', 'dead-letter', send).catch((error: Error) => {
        world.unsentDeadLetters.add(error);
        throw error;
      });
    },
  };
}

/** An API handler's secrets as one call meets them. */
export function unreliableSecrets<T>(world: World, actor: Actor, secrets: Secrets<T>): Secrets<T> {
  return {
    settings: (network, options) =>
      stepped(world, actor, 'secrets', 'secret', () => secrets.settings(network, options)),
  };
}

/** The twin's queue takes everything. */
function unexpected(error: unknown): never {
  throw error;
}

export function actorClock(scheduler: Scheduler, actor: Actor): Clock {
  return {
    now: () => scheduler.now() + (actor.skewMs?.() ?? 0),
    sleep: (ms) => scheduler.step(actor, 'sleep', scheduler.now() + ms),
  };
}
