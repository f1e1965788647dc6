import { RelayError } from '../../errors.ts';
import { MOST_CRASHES, RepeatedCrash } from '../ledger/errors.ts';
import type { OutcomeItem } from '../ledger/items/outcome-item.ts';
import type { Clock, Ledger } from '../ledger/ports.ts';
import { bodyOf } from './body.ts';
import type { Post, Receiver, Receivers } from './ports.ts';
import { type DeliveryResult, resultOf } from './verdict.ts';

export interface AttemptServices {
  readonly ledger: Pick<Ledger, 'read'>;
  readonly receivers: Receivers;
  readonly post: Post;
  readonly clock: Pick<Clock, 'now'>;
}

const REJECTS_SIGNATURE: ReadonlySet<number> = new Set([401, 403]);

function isSame(a: Receiver, b: Receiver): boolean {
  return a.url === b.url && a.secrets.join(' ') === b.secrets.join(' ');
}

/** Posts once, or twice: a refused signature may mean that the secret was rotated since it was read. */
async function post(item: OutcomeItem, body: string, s: AttemptServices): Promise<DeliveryResult> {
  const { network, id } = item;
  const receiver = await s.receivers.receiver(network, { fresh: false });
  if (receiver === undefined) return { kind: 'done' };
  const answer = await s.post({ id, body, now: s.clock.now() }, receiver);
  if (answer.kind === 'unanswered' || !REJECTS_SIGNATURE.has(answer.status)) return resultOf(answer);
  const fresh = await s.receivers.receiver(network, { fresh: true });
  if (fresh === undefined || isSame(fresh, receiver)) return resultOf(answer);
  return resultOf(await s.post({ id, body, now: s.clock.now() }, fresh));
}

/** One try to deliver an outcome. Throws `Unavailable`, and bugs. */
export async function attempt(item: OutcomeItem, s: AttemptServices): Promise<DeliveryResult> {
  if (item.crashes >= MOST_CRASHES) return { kind: 'refused', failure: new RepeatedCrash() };
  try {
    const body = await bodyOf(item, s.ledger);
    return body === undefined ? { kind: 'done' } : await post(item, body, s);
  } catch (error) {
    // A faulty secret: its owner corrects it, as after any other failure of the network.
    if (error instanceof RelayError) return { kind: 'retry', failure: error, retryAfterMs: undefined };
    throw error;
  }
}
