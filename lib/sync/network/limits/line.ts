import type { Place } from '../../ledger/items/domain-item.ts';
import type { Line, RateLimitItem } from '../../ledger/items/shared-items.ts';
import type { ItemUpdate } from '../../ledger/updates/update.ts';
import {
  FEW_LEFT,
  freshRateLimit,
  kept,
  LONGEST_WAIT_MS,
  spacingMs,
  type TakenSlot,
  takeSlots,
} from './slots.ts';

/** Room beside the calls of a minute: those at its end take two slots, and a line that is late catches up. */
const SLACK_SLOTS = FEW_LEFT + 0.5;
/** Who comes later than this after the time of a place has lost it. */
const LATE_MS = 10_000;
/**
 * A domain sends itself so many messages in a row, and then leaves it to the sweep. Whoever has had to wait once more this
 * often goes to the end: many that share one time would come back together without end.
 */
export const MOST_RETURNS = 7;

/** Lines that grow at the same time are never equal at every moment. */
const ABOUT_AS_LONG = 3;

/** Work that stands in its network's line where no slot is near. */
export interface InLine {
  /** What an earlier pass was given; null: nothing. */
  readonly place: Place | null;
  /** How often it has come back in a row. */
  readonly returns: number;
}

export interface Standing extends InLine {
  readonly network: string;
  readonly fingerprint: string;
}

/** Its slot, or the place in which it waits for one. */
export type Turn = TakenSlot | { readonly kind: 'placed'; readonly place: Place };

function lineOf(item: RateLimitItem | undefined, network: string): Line | undefined {
  return item?.lines.find((line) => line.network === network);
}

/** When a place comes up. A line that has begun anew has moved less. */
export function timeOf({ at, movedMs }: Place, item: RateLimitItem | undefined, network: string): number {
  return at + Math.max(0, (lineOf(item, network)?.movedMs ?? 0) - movedMs);
}

function withLine(item: RateLimitItem, line: Line, now: number): RateLimitItem {
  const others = item.lines.filter(({ network }) => network !== line.network);
  return kept({ ...item, lines: [...others, line] }, now);
}

/** A place that comes up at `at`, whatever the order of the line: for work that has begun, and has to go on. */
export function placeAt(
  item: RateLimitItem | undefined,
  { network, fingerprint }: Pick<Standing, 'network' | 'fingerprint'>,
  at: number,
): Place {
  return { fingerprint, at, movedMs: lineOf(item, network)?.movedMs ?? 0 };
}

/** The time from one place to the next: a little more than from one slot to the next. */
function placeMs(item: RateLimitItem): number {
  return Math.ceil(spacingMs(item) * (1 + SLACK_SLOTS / Math.max(SLACK_SLOTS, item.limitPerMinute)));
}

/** Networks that share a credential take turns: a place also leaves room for one of each line that is as long, or longer. */
function sharesOf(item: RateLimitItem, { network, calls }: Line): number {
  const isAsLong = (other: Line) => other.calls > 0 && other.calls + ABOUT_AS_LONG >= calls;
  return 1 + item.lines.filter((other) => other.network !== network && isAsLong(other)).length;
}

/** A line that begins with this work. One that was forgotten at its end goes on with who comes back to it, and moves the others' places too. */
function newLine({ network, place }: Standing, calls: number, endsAt: number): Line {
  return place === null
    ? { network, calls: 0, endsAt, movedMs: 0 }
    : { network, calls, endsAt, movedMs: place.movedMs };
}

/**
 * Takes slots for a pass that has made no call yet, where one is near and no other work of its network waits for it.
 * Otherwise the pass gets a place at the end of the line, or keeps its own: the line moves back where slots come later than
 * expected. Only near slots are taken, so none is lost with a pass that makes no call, and a new limit counts at once.
 */
export function takeTurn(standing: Standing, now: number, calls: number) {
  const { network, place, returns } = standing;
  return (item: RateLimitItem = freshRateLimit): ItemUpdate<RateLimitItem, Turn> => {
    const known = kept(item, now);
    const freeAt = Math.max(now, item.nextFreeAt);
    const begun = lineOf(known, network);
    const shortly = now + LONGEST_WAIT_MS;
    const ownAt = place === null ? undefined : timeOf(place, known, network);
    const line = begun ?? newLine(standing, calls, Math.max(now, ownAt ?? freeAt));
    const placed = (write: RateLimitItem, at: number): ItemUpdate<RateLimitItem, Turn> => ({
      write,
      result: { kind: 'placed', place: placeAt(write, standing, at) },
    });
    if (ownAt !== undefined && ownAt > shortly) return { result: placed(known, ownAt).result };
    const left = ownAt === undefined ? line : { ...line, calls: Math.max(0, line.calls - calls) };
    // A slot that is free this moment is one that the work before has not come for.
    const behindOthers = ownAt === undefined && freeAt > now;
    if ((behindOthers ? Math.max(freeAt, line.endsAt) : freeAt) <= shortly)
      return takeSlots(begun === undefined ? known : withLine(known, left, now), { now, at: freeAt, calls });
    if (ownAt !== undefined && ownAt > now - LATE_MS && returns < MOST_RETURNS) {
      const laterMs = freeAt - Math.max(now, ownAt);
      // A line that begins anew has no room for this work yet.
      const roomMs = begun === undefined ? calls * placeMs(item) : 0;
      const moved = {
        ...line,
        endsAt: Math.max(freeAt, line.endsAt + laterMs) + roomMs,
        movedMs: line.movedMs + laterMs,
      };
      return placed(withLine(known, moved, now), freeAt);
    }
    const at = Math.max(freeAt, left.endsAt);
    const takesMs = calls * placeMs(item) * sharesOf(known, left);
    const longer = { ...left, calls: left.calls + calls, endsAt: at + takesMs };
    return placed(withLine(known, longer, now), at);
  };
}
