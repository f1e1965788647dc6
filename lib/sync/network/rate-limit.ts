import { SEND_NEEDS_MS } from '../ledger/budgets.ts';
import { withCalls } from '../ledger/calls-of-month.ts';
import { NotBefore } from '../ledger/errors.ts';
import { rateLimitKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import type { CallAnswer, CallGuard } from '../ledger/runcloud-ports.ts';
import type { RateLimitItem } from '../ledger/shared-items.ts';
import { MINUTE_MS, REMEMBERED_MS, toTtl } from '../ledger/time.ts';
import { type ItemUpdate, updateItem } from '../ledger/update.ts';

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
  /** `callsThisMonth`: the credential's, this one among them. */
  | { readonly kind: 'taken'; readonly at: number; readonly callsThisMonth: number }
  | { readonly kind: 'too-far'; readonly at: number };

/** A worker that takes a slot makes a call, so the slot counts as one. */
function takeSlot(
  item: RateLimitItem,
  { now, at, nextFreeAt }: { now: number; at: number; nextFreeAt: number },
) {
  const calls = withCalls(item.calls, 1, now);
  return {
    write: { ...item, nextFreeAt, calls, expiresAt: toTtl(now + REMEMBERED_MS) },
    result: { kind: 'taken', at, callsThisMonth: calls.count },
  } as const;
}

/** Takes the next free slot, unless it is later than `waitUntil`. */
export function reserveSlot(now: number, waitUntil = now + LONGEST_WAIT_MS) {
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, Slot> => {
    const at = Math.max(now, item.nextFreeAt);
    if (at > waitUntil) return { result: { kind: 'too-far', at } };
    return takeSlot(item, { now, at, nextFreeAt: at + spacingMs(item) });
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
  services: RateLimitServices & { readonly random: Random },
  fingerprint: string,
  count: CallCount,
  patientUntil = 0,
): CallGuard {
  const { ledger, clock, random } = services;
  const key = rateLimitKey(fingerprint);
  return {
    before: async () => {
      const now = clock.now();
      const shortly = now + LONGEST_WAIT_MS;
      const waitUntil = count.made > 0 ? Math.max(shortly, patientUntil) : shortly;
      const slot = await updateItem(ledger, key, reserveSlot(now, waitUntil));
      // Jitter: refused workers return spread over the later slots.
      if (slot.kind === 'too-far') throw new NotBefore(slot.at + random() * LONGEST_WAIT_MS);
      services.reportCallsThisMonth(slot.callsThisMonth);
      const waitMs = slot.at - clock.now();
      if (waitMs > 0) await clock.sleep(waitMs);
      count.made += 1;
    },
    after: async (answer) => {
      if (answer.status !== undefined && answer.status !== 429) count.answered += 1;
      await updateItem(ledger, key, learnFrom(answer, clock.now()));
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
