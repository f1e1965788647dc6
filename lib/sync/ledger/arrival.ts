import type { Version } from './desired-state.ts';

/** The version that counts, as an item stores it. */
export interface RecordedVersion extends Version {
  /** Ids with the same timestamp that counted before it, oldest first. One that comes again must not count again. */
  readonly earlierIds?: readonly string[];
}

export type VersionStanding = 'newer' | 'duplicate' | 'superseded';

/** Far more updates than one domain gets in one second, and far less than an item can hold. */
const MOST_EARLIER_IDS = 50;

/**
 * An update against the one that counts. A timestamp in whole seconds cannot order the updates of that second, so the
 * later arrival counts there; an id that has arrived before keeps its place.
 */
export function standingOf(update: Version, recorded: RecordedVersion): VersionStanding {
  if (update.timestamp !== recorded.timestamp)
    return update.timestamp > recorded.timestamp ? 'newer' : 'superseded';
  if (update.id === recorded.id) return 'duplicate';
  return recorded.earlierIds?.includes(update.id) === true ? 'superseded' : 'newer';
}

/** The version to store for an update that counts from now on. */
export function recordedVersion(
  { timestamp, id }: Version,
  before: RecordedVersion | null | undefined,
): RecordedVersion {
  if (before?.timestamp !== timestamp) return { timestamp, id };
  return { timestamp, id, earlierIds: [...(before.earlierIds ?? []), before.id].slice(-MOST_EARLIER_IDS) };
}
