import { withCalls } from '../../ledger/items/calls-of-month.ts';
import type { RateLimitItem } from '../../ledger/items/shared-items.ts';
import type { CallAnswer } from '../../ledger/runcloud-ports.ts';
import { MINUTE_MS, REMEMBERED_MS, toTtl } from '../../ledger/time.ts';
import type { ItemUpdate } from '../../ledger/updates/update.ts';

/** Until a header says more (docs/external-systems.md, "Limits and quota"). */
const ASSUMED_PER_MINUTE = 60;
/** A pass waits at most this long in place for the slot of its first call: a worker that waits is billed, and keeps other work waiting. */
export const LONGEST_WAIT_MS = 2_000;
/**
 * The longest push after a 429, whatever RunCloud asks for. One call in this time shows whether the 429s go on, which is
 * the only sign of a spent quota.
 */
const LONGEST_PUSH_MS = 15 * MINUTE_MS;
/** With this few calls left in RunCloud's minute, each call takes two slots. */
export const FEW_LEFT = 2;

/** A credential without any call yet. */
export const freshRateLimit: RateLimitItem = {
  nextFreeAt: 0,
  limitPerMinute: ASSUMED_PER_MINUTE,
  lines: [],
  calls: null,
  expiresAt: null,
};

export function spacingMs({ limitPerMinute }: Pick<RateLimitItem, 'limitPerMinute'>): number {
  return MINUTE_MS / limitPerMinute;
}

/** `callsThisMonth`: the credential's, these among them. `following`: when the calls that were taken with it may be made. `until`: when the next slot is free. */
export interface TakenSlot {
  readonly kind: 'taken';
  readonly at: number;
  readonly callsThisMonth: number;
  readonly following: readonly number[];
  readonly until: number;
}

export type Slot = TakenSlot | { readonly kind: 'too-far'; readonly at: number };

/** What is written with every change: a line at its end is forgotten. */
export function kept(item: RateLimitItem, now: number): RateLimitItem {
  return {
    ...item,
    lines: item.lines.filter(({ endsAt }) => endsAt > now),
    expiresAt: toTtl(now + REMEMBERED_MS),
  };
}

/**
 * Takes the slots of so many calls, the first of them free at `at`. A worker that takes a slot makes a call, so the slot
 * counts as one. The calls wait for no slot where as many have just passed unused: any minute still has no more than its limit.
 */
export function takeSlots(
  item: RateLimitItem,
  { now, at, calls: slots }: { now: number; at: number; calls: number },
) {
  const spacing = spacingMs(item);
  const calls = withCalls(item.calls, slots, now);
  const apartMs = item.nextFreeAt <= at - (slots - 1) * spacing ? 0 : spacing;
  const following = Array.from({ length: slots - 1 }, (_, n) => at + (n + 1) * apartMs);
  const until = at + slots * spacing;
  const result: TakenSlot = { kind: 'taken', at, callsThisMonth: calls.count, following, until };
  return { write: { ...kept(item, now), nextFreeAt: until, calls }, result };
}

/** Gives back the last slots before `until`, which no call has used. They are lost where others have taken later ones. */
export function returnSlots(unused: number, until: number, now: number) {
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, undefined> => {
    const calls = withCalls(item.calls, -unused, now);
    const nextFreeAt = item.nextFreeAt === until ? until - unused * spacingMs(item) : item.nextFreeAt;
    const write = { ...kept(item, now), nextFreeAt, calls: { ...calls, count: Math.max(0, calls.count) } };
    return { write, result: undefined };
  };
}

/** Takes the next free slot, and those for the calls that follow, unless the first is later than `waitUntil`. */
export function reserveSlot(now: number, waitUntil = now + LONGEST_WAIT_MS, calls = 1) {
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, Slot> => {
    const at = Math.max(now, item.nextFreeAt);
    return at > waitUntil ? { result: { kind: 'too-far', at } } : takeSlots(item, { now, at, calls });
  };
}

/**
 * Takes a slot without waiting, for a read that a person waits for. It delays later slots by at most half the longest wait,
 * so a polling dashboard cannot stall the workers. RunCloud's own headers limit such reads.
 */
export function reserveSlotAtOnce(now: number) {
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, TakenSlot> => {
    const pushed = Math.min(Math.max(now, item.nextFreeAt) + spacingMs(item), now + LONGEST_WAIT_MS / 2);
    const { write, result } = takeSlots(item, { now, at: now, calls: 1 });
    return { write: { ...write, nextFreeAt: Math.max(item.nextFreeAt, pushed) }, result };
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
    return { write: { ...kept(item, now), limitPerMinute, nextFreeAt }, result: undefined };
  };
}
