import type { Version } from '../desired-state.ts';
import type { LastError } from '../items/status.ts';
import type { OwedOutcome, ToldState, WorkItem } from '../items/work-item.ts';

/** What an outcome says of a domain's hosting, or of its certificate. */
interface Tellable extends Pick<WorkItem, 'toSend' | 'sendAt'> {
  readonly version: Version | null;
  readonly told: ToldState | null;
  readonly state: string;
  /** RFC 3339: since when it is in that state. */
  readonly since: string;
  readonly reason: string | null;
  readonly fix?: string | null;
  readonly lastError: LastError | null;
}

/** Who is told that something succeeded. Of a failure both are told. */
export interface Readers {
  /** Its secret names a `CALLBACK_URL`, or that is unknown. */
  readonly multisite: boolean;
  /** Notices of successes are mailed. */
  readonly people: boolean;
}

/** Nothing is known of them: whatever hands the outcome on decides. */
export const ALL_READERS: Readers = { multisite: true, people: true };

/** The multisite's last update has had no outcome yet. */
export function awaitsReply({ version, told }: Pick<Tellable, 'version' | 'told'>): boolean {
  return version !== null && version.id !== told?.inReplyTo;
}

function isSameState(
  a: Pick<ToldState, 'state' | 'reason'>,
  b: Pick<ToldState, 'state' | 'reason'>,
): boolean {
  return a.state === b.state && a.reason === b.reason;
}

/** A copy of an outcome says what is true when it is posted, so a state that is entered again is told again. */
function isTold({ told, since, ...ended }: Tellable): boolean {
  if (told === null) return true;
  return isSameState(told, ended) && (told.since === null || told.since === since);
}

/**
 * The end of a pass with the outcome that it owes: one for each update, and one whenever state or reason are not those of before,
 * not those that were told, or entered anew since. Written with the end itself, so that no crash loses it. Without a reader nothing is owed, and the
 * outcome counts as told.
 */
export function withOutcome<T extends Tellable>(
  before: Pick<Tellable, 'state' | 'reason'>,
  ended: T,
  outcome: {
    readonly about: OwedOutcome['about'];
    readonly id: string;
    readonly now: number;
    readonly readers: Readers;
  },
): T {
  const { state, since, reason, fix, lastError, version } = ended;
  if (isSameState(before, ended) && isTold(ended) && !awaitsReply(ended)) return ended;
  const { about, id, now, readers } = outcome;
  const failed = state === 'failed';
  const inReplyTo = version?.id ?? null;
  // The clock of the worker before may have been fast.
  const at = Math.max(now, ended.told?.at ?? 0);
  const answered = { ...ended, told: { state, reason, inReplyTo, since, at } };
  if (!failed && !readers.multisite && !readers.people) return answered;
  const owed: OwedOutcome = {
    kind: 'outcome',
    id,
    about,
    type: failed ? 'domain.failed' : 'domain.settled',
    state,
    reason,
    message: failed ? (lastError?.message ?? null) : null,
    fix: fix ?? null,
    inReplyTo,
    at,
    toMultisite: readers.multisite,
  };
  return { ...answered, toSend: [...ended.toSend, owed], sendAt: now };
}
