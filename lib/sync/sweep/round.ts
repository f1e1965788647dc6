import { Unavailable } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import { inBatches } from '../ledger/in-batches.ts';
import type { WorkKind } from '../ledger/keys.ts';
import type { Clock, DueWork, Ledger, Queue } from '../ledger/ports.ts';
import { updateItem } from '../ledger/updates/update.ts';
import { messageFor, messageName } from './messages.ts';
import { movedSendAt } from './moved-send-at.ts';

export const AT_ONCE = 10;
/** Items of one round: it must end within ROUND_NEEDS_MS, on a slow CPU too. */
export const PAGE = 100;
/** Left for the last messages and the end of the lease. */
export const ROUND_NEEDS_MS = 5_000;

export interface RoundServices {
  readonly ledger: Ledger;
  readonly queue: Pick<Queue, 'send'>;
  readonly certificateQueue: Pick<Queue, 'send'>;
  readonly outcomeQueue: Pick<Queue, 'send'>;
  readonly clock: Clock;
  readonly delays: Pick<DomainDelays, 'resendMs'>;
  readonly certificateDelays: { readonly resendMs: number };
  /** Takes an item that could not be read or moved; the others go on. */
  readonly report: (error: unknown, work: DueWork) => void;
}

export interface Swept {
  readonly sent: number;
  /** Messages that the queue refused: their work stays due, and the next sweep sends them. */
  readonly failed: number;
}

interface Round extends Swept {
  /** Why the first item could not be moved that the ledger does not give out; undefined: all were. */
  readonly outOfReach: Unavailable | undefined;
}

/** Moves `sendAt` of work whose message was sent. */
function moveSendAt<K extends WorkKind>(
  kind: K,
  { network, item, sendAt }: DueWork,
  now: number,
  s: Pick<RoundServices, 'ledger' | 'delays' | 'certificateDelays'>,
): Promise<undefined> {
  const { resendMs } = kind === 'certificate' ? s.certificateDelays : s.delays;
  return updateItem<K, undefined>(s.ledger, { kind, network, item }, (stored) =>
    movedSendAt(stored, { sendAt, now, resendMs }),
  );
}

function queueOf(kind: WorkKind, s: RoundServices): Pick<Queue, 'send'> {
  if (kind === 'outcome') return s.outcomeQueue;
  return kind === 'certificate' ? s.certificateQueue : s.queue;
}

/** Sends a message for each of these works, one for those that share it. */
export async function sendRound(
  kind: WorkKind,
  works: readonly DueWork[],
  deadlineAt: number,
  s: RoundServices,
): Promise<Round> {
  const now = s.clock.now();
  const queue = queueOf(kind, s);
  const named = works.map((work) => {
    const message = messageFor(work, kind, now);
    return { work, message, name: messageName(message) };
  });
  const messages = new Map(named.map(({ name, message }) => [name, message]));
  const refused = new Set((await queue.send([...messages.values()])).map(messageName));
  let outOfReach: Unavailable | undefined;
  // An item that cannot be read, or whose key is throttled, must not hold up those that follow.
  const moveOrReport = async (work: DueWork): Promise<void> => {
    if (outOfReach !== undefined && s.clock.now() > deadlineAt) return;
    try {
      await moveSendAt(kind, work, now, s);
    } catch (error) {
      if (error instanceof Unavailable) outOfReach ??= error;
      else s.report(error, work);
    }
  };
  const accepted = named.filter(({ name }) => !refused.has(name)).map(({ work }) => work);
  await inBatches(accepted, AT_ONCE, moveOrReport);
  return { sent: messages.size - refused.size, failed: refused.size, outOfReach };
}
