import type { DomainDelays } from '../ledger/delays.ts';
import type { OutcomeItem } from '../ledger/items/outcome-item.ts';
import { freshCounts, makeDue, type OwedDeadLetter } from '../ledger/items/work-item.ts';
import type { Random } from '../ledger/ports.ts';
import { REMEMBERED_MS, toTtl } from '../ledger/time.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';
import { backingOff, nextDelay } from '../ledger/work/backoff.ts';
import { type PassEnd, type Settled, settleWork } from '../ledger/work/settle.ts';
import type { DeliveryFailure, DeliveryResult } from './verdict.ts';

export interface DeliveryEnd extends PassEnd {
  readonly result: DeliveryResult;
  readonly delays: DomainDelays;
  readonly random: Random;
}

function deadLetterOf(item: OutcomeItem, { code, message }: DeliveryFailure, now: number): OwedDeadLetter {
  const { network, id, revision } = item;
  return {
    kind: 'dead-letter',
    id: `${network}/outcome/${id}/${revision}/dead-letter`,
    revision,
    code,
    reason: message,
    firstFailureAt: item.firstFailureAt ?? now,
    lastFailureAt: now,
  };
}

/** Kept for a while: handed on once more after a crash, it is known, and its dead letter can be redriven. */
function ended(item: OutcomeItem, state: 'done' | 'failed', now: number): OutcomeItem {
  return { ...item, state, dueAt: null, sendAt: null, expiresAt: toTtl(now + REMEMBERED_MS) };
}

function givenUp(item: OutcomeItem, failure: DeliveryFailure, now: number): OutcomeItem {
  const toSend = [...item.toSend, deadLetterOf(item, failure, now)];
  return { ...ended(item, 'failed', now), toSend, sendAt: now };
}

function next(item: OutcomeItem, { result, now, delays, random }: DeliveryEnd): OutcomeItem {
  switch (result.kind) {
    case 'done':
      return { ...ended(item, 'done', now), ...freshCounts };
    case 'refused':
      return givenUp(item, result.failure, now);
    case 'retry': {
      const { retryAfterMs } = result;
      const delay = nextDelay({ failure: 'passing', retryAfterMs }, item, delays, random);
      if (delay === undefined) return givenUp(item, result.failure, now);
      return { ...item, ...backingOff(item, delay, now), firstFailureAt: item.firstFailureAt ?? now };
    }
  }
}

export function settle(
  item: OutcomeItem | undefined,
  end: DeliveryEnd,
): ItemUpdate<OutcomeItem, Settled<OutcomeItem>> {
  return settleWork(
    item,
    end,
    () => ({}),
    (known) => next({ ...known, crashes: 0 }, end),
  );
}

/** A dead letter that was moved back is one more try of that very failure. */
export function redrivenOutcome(
  item: OutcomeItem | undefined,
  deadLetter: number,
  now: number,
): ItemUpdate<OutcomeItem, undefined> {
  if (item === undefined || item.state !== 'failed' || item.revision !== deadLetter) {
    return { result: undefined };
  }
  const write: OutcomeItem = {
    ...item,
    ...freshCounts,
    state: 'open',
    expiresAt: null,
    ...makeDue(item, now, now),
  };
  return { write, result: undefined };
}
