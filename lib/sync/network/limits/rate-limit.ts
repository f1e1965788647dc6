import { SEND_NEEDS_MS } from '../../ledger/budgets.ts';
import { NotBefore } from '../../ledger/errors.ts';
import { withCalls } from '../../ledger/items/calls-of-month.ts';
import type { RateLimitItem } from '../../ledger/items/shared-items.ts';
import { rateLimitKey } from '../../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../../ledger/ports.ts';
import type { CallAnswer, CallGuard } from '../../ledger/runcloud-ports.ts';
import { MINUTE_MS, REMEMBERED_MS, toTtl } from '../../ledger/time.ts';
import type { Followed } from '../../ledger/updates/followed.ts';
import { type ItemUpdate, updateItem } from '../../ledger/updates/update.ts';

/** Until a header says more (docs/external-systems.md, "Limits and quota"). */
const ASSUMED_PER_MINUTE = 60;
/** A worker's first call waits at most this long for its slot. A later slot is left to another worker. */
export const LONGEST_WAIT_MS = 20_000;
/** What a call needs, with the longest wait for its slot. */
export const CALL_NEEDS_MS = LONGEST_WAIT_MS + SEND_NEEDS_MS;
/**
 * The longest push after a 429, whatever RunCloud asks for. One call in this time shows whether the 429s go on, which is
 * the only sign of a spent quota.
 */
const LONGEST_PUSH_MS = 15 * MINUTE_MS;
/** With this few calls left in RunCloud's minute, each call takes two slots. */
const FEW_LEFT = 3;

/** A credential without any call yet. */
export const freshRateLimit: RateLimitItem = {
  nextFreeAt: 0,
  limitPerMinute: ASSUMED_PER_MINUTE,
  calls: null,
  expiresAt: null,
};

function spacingMs(rateLimit: RateLimitItem): number {
  return MINUTE_MS / rateLimit.limitPerMinute;
}

type Slot =
  /** `callsThisMonth`: the credential's, this one among them. `following`: further slots that were taken with it. */
  | {
      readonly kind: 'taken';
      readonly at: number;
      readonly callsThisMonth: number;
      readonly following: readonly number[];
    }
  | { readonly kind: 'too-far'; readonly at: number };

/** A worker that takes a slot makes a call, so the slot counts as one. */
function takeSlot(
  item: RateLimitItem,
  {
    now,
    at,
    nextFreeAt,
    following = [],
  }: { now: number; at: number; nextFreeAt: number; following?: readonly number[] },
) {
  const calls = withCalls(item.calls, 1 + following.length, now);
  return {
    write: { ...item, nextFreeAt, calls, expiresAt: toTtl(now + REMEMBERED_MS) },
    result: { kind: 'taken', at, callsThisMonth: calls.count, following },
  } as const;
}

/** Takes the next free slot, and those for the calls that follow, unless the first is later than `waitUntil`. */
export function reserveSlot(now: number, waitUntil = now + LONGEST_WAIT_MS, calls = 1) {
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, Slot> => {
    const at = Math.max(now, item.nextFreeAt);
    if (at > waitUntil) return { result: { kind: 'too-far', at } };
    const spacing = spacingMs(item);
    const following = Array.from({ length: calls - 1 }, (_, n) => at + (n + 1) * spacing);
    return takeSlot(item, { now, at, nextFreeAt: at + calls * spacing, following });
  };
}

/**
 * Takes a slot without waiting, for a read that a person waits for. It delays later slots by at most half the longest wait,
 * so a polling dashboard cannot stall the workers. RunCloud's own headers limit such reads.
 */
function reserveSlotAtOnce(now: number) {
  return (item: RateLimitItem = freshRateLimit) => {
    const pushed = Math.min(Math.max(now, item.nextFreeAt) + spacingMs(item), now + LONGEST_WAIT_MS / 2);
    return takeSlot(item, { now, at: now, nextFreeAt: Math.max(item.nextFreeAt, pushed) });
  };
}

/** Learns the limit from an answer, slows down before a 429, and waits after one as long as RunCloud asks. */
export function learnFrom(answer: CallAnswer, now: number) {
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, undefined> => {
    const limitPerMinute =
      answer.limit !== undefined && answer.limit > 0 ? answer.limit : item.limitPerMinute;
    const limited = answer.status === 429;
    const few = answer.remaining !== undefined && answer.remaining <= FEW_LEFT;
    if (!limited && !few && limitPerMinute === item.limitPerMinute) return { result: undefined };
    const spacing = MINUTE_MS / limitPerMinute;
    const pushed = limited
      ? now + Math.min(answer.retryAfterMs ?? 10 * spacing, LONGEST_PUSH_MS)
      : item.nextFreeAt + (few ? spacing : 0);
    const nextFreeAt = Math.max(item.nextFreeAt, pushed);
    return {
      write: { ...item, limitPerMinute, nextFreeAt, expiresAt: toTtl(now + REMEMBERED_MS) },
      result: undefined,
    };
  };
}

/** The calls of one pass so far: made, and answered by anything but 429. */
export interface CallCount {
  made: number;
  answered: number;
}

/** The calls that a pass probably makes in a row. Their slots are taken together, by one write. */
export interface CallPlan {
  readonly calls: number;
  /** Slots that were taken and not used yet. */
  ahead: readonly number[];
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
  patientUntil = 0,
  plan: CallPlan = { calls: 1, ahead: [] },
): CallGuard {
  const { clock, random } = services;
  const waitFor = async (slotAt: number): Promise<void> => {
    const waitMs = slotAt - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs);
    count.made += 1;
  };
  return {
    before: async () => {
      const now = clock.now();
      const shortly = now + LONGEST_WAIT_MS;
      const waitUntil = count.made > 0 ? Math.max(shortly, patientUntil) : shortly;
      const [taken, ...ahead] = plan.ahead;
      if (taken !== undefined && taken <= waitUntil) {
        plan.ahead = ahead;
        return waitFor(taken);
      }
      const slot = await rateLimit.update(reserveSlot(now, waitUntil, plan.calls));
      // Jitter: refused workers return spread over the later slots.
      if (slot.kind === 'too-far') throw new NotBefore(slot.at + random() * LONGEST_WAIT_MS);
      services.reportCallsThisMonth(slot.callsThisMonth);
      plan.ahead = slot.following;
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
