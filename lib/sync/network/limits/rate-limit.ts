import { SEND_NEEDS_MS } from '../../ledger/budgets.ts';
import { NotBefore } from '../../ledger/errors.ts';
import { rateLimitKey } from '../../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../../ledger/ports.ts';
import type { CallGuard } from '../../ledger/runcloud-ports.ts';
import type { Followed } from '../../ledger/updates/followed.ts';
import { updateItem } from '../../ledger/updates/update.ts';
import { placeAt, type Standing, takeTurn } from './line.ts';
import {
  LONGEST_WAIT_MS,
  learnFrom,
  reserveSlot,
  reserveSlotAtOnce,
  returnSlots,
  type TakenSlot,
} from './slots.ts';

/** What a call needs, with the longest wait for its slot. */
export const CALL_NEEDS_MS = LONGEST_WAIT_MS + SEND_NEEDS_MS;
/** Work that stands in no line and finds no slot comes back spread over this time. */
const SPREAD_MS = 20_000;

/** The calls of one pass so far: made, and answered by anything but 429. */
export interface CallCount {
  made: number;
  answered: number;
}

/** The calls that a pass probably makes in a row. Their slots are taken together, by one write. */
export interface CallPlan {
  /** Those whose slots the next write takes. */
  calls: number;
  /** When the calls may be made whose slots were taken and are not used yet. */
  ahead: readonly number[];
  /** The end of the slots that were taken. */
  until: number;
}

export function planOf(calls: number): CallPlan {
  return { calls, ahead: [], until: 0 };
}

export function noCalls(): CallCount {
  return { made: 0, answered: 0 };
}

/** What counts calls and limits their rate. */
export interface RateLimitServices {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Takes the credential's calls of the month, once for each call that is counted. */
  readonly reportCallsThisMonth: (count: number) => void;
}

/** How a pass waits for its slots. */
export interface Waiting {
  /** Until when it waits for its next slot once it has made a call; left out: no longer than for the first. */
  readonly patientUntil?: number | undefined;
  readonly plan?: CallPlan | undefined;
  /** Left out: it stands in no line, and comes back without a place. */
  readonly inLine?: Standing | undefined;
}

/**
 * Limits the rate of one credential's calls over all workers and networks that share it. `before` waits for a slot, or
 * throws `NotBefore` when the next free one is too far away. Work that has made a call waits until `patientUntil` for its
 * next one: it would otherwise start again with the same call, and under a low limit never make the second. `count` takes
 * every call and answer.
 */
export function rateLimited(
  services: Omit<RateLimitServices, 'ledger'> & { readonly random: Random },
  rateLimit: Followed<'rateLimit'>,
  count: CallCount,
  { patientUntil = 0, plan = planOf(1), inLine }: Waiting = {},
): CallGuard {
  const { clock, random } = services;
  const waitFor = async (slotAt: number): Promise<void> => {
    const waitMs = slotAt - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs);
    count.made += 1;
  };
  const firstSlot = async (standing: Standing): Promise<TakenSlot> => {
    const turn = await rateLimit.update(takeTurn(standing, clock.now(), plan.calls));
    if (turn.kind === 'placed') throw new NotBefore(turn.place.at, null, turn.place);
    return turn;
  };
  const nextSlot = async (waitUntil: number): Promise<TakenSlot> => {
    const slot = await rateLimit.update(reserveSlot(clock.now(), waitUntil, plan.calls));
    if (slot.kind === 'taken') return slot;
    // Jitter: refused workers return spread over the later slots.
    const until = slot.at + random() * SPREAD_MS;
    throw new NotBefore(until, null, inLine === undefined ? null : placeAt(rateLimit.last(), inLine, until));
  };
  return {
    before: async () => {
      const shortly = clock.now() + LONGEST_WAIT_MS;
      const waitUntil = count.made > 0 ? Math.max(shortly, patientUntil) : shortly;
      const [taken, ...ahead] = plan.ahead;
      if (taken !== undefined && taken <= waitUntil) {
        plan.ahead = ahead;
        return waitFor(taken);
      }
      const slot =
        inLine !== undefined && count.made === 0 ? await firstSlot(inLine) : await nextSlot(waitUntil);
      services.reportCallsThisMonth(slot.callsThisMonth);
      plan.ahead = slot.following;
      plan.until = slot.until;
      plan.calls = 1;
      await waitFor(slot.at);
    },
    after: async (answer) => {
      if (answer.status !== undefined && answer.status !== 429) count.answered += 1;
      const learnt = learnFrom(answer, clock.now());
      // Nothing new since the slot was taken: most answers cost no call to the ledger.
      if (learnt(rateLimit.last()).write !== undefined) await rateLimit.update(learnt);
    },
  };
}

/** Gives back the slots of a plan whose calls are not made. */
export async function returnUnused(
  rateLimit: Followed<'rateLimit'>,
  plan: CallPlan,
  now: number,
): Promise<void> {
  const unused = plan.ahead.length;
  plan.ahead = [];
  if (unused > 0) await rateLimit.update(returnSlots(unused, plan.until, now));
}

/** For reads that a person waits for: they count, but do not wait for a slot. */
export function rateCounted(services: RateLimitServices, fingerprint: string): CallGuard {
  const { ledger, clock } = services;
  const key = rateLimitKey(fingerprint);
  return {
    before: async () => {
      const { callsThisMonth } = await updateItem(ledger, key, reserveSlotAtOnce(clock.now()));
      services.reportCallsThisMonth(callsThisMonth);
    },
    after: (answer) => updateItem(ledger, key, learnFrom(answer, clock.now())),
  };
}
