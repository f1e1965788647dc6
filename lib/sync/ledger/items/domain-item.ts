import type { RecordedVersion } from '../arrival.ts';
import type { HostingState } from '../states.ts';
import type { HistoryEntry } from './history.ts';
import type { LastError } from './status.ts';
import type { ToldState, WorkItem } from './work-item.ts';

/** What hosts the domain: an id means nothing away from the server and application it was read from. */
export interface RuncloudId {
  readonly id: number;
  readonly serverId: string;
  readonly appId: string;
}

/** Why there is no certificate for a name, as its request says it. */
export type ParkingReason =
  | 'dns-none'
  | 'dns-mismatch'
  | 'dns-ipv6'
  | 'dns-caa'
  | 'dns-unanswered'
  | 'name-unsupported';

/** Why a wanted name stays out of the web application, and when that was recorded. */
export interface Parking {
  readonly reason: ParkingReason;
  readonly at: number;
}

/** A removal that waits. Null once a pass has gone beyond it: until then nothing was deleted. */
export interface Grace {
  /** The removal is not followed before. */
  readonly until: number;
  /** What an addition restores without a call to RunCloud; null: the domain was not settled, or that no longer holds. */
  readonly before: {
    readonly reason: string | null;
    readonly since: string;
    readonly www: boolean;
    readonly native: boolean;
    /** Set: it was parked. */
    readonly parking: Parking | null;
  } | null;
}

/** A place in its network's line for a slot of one credential. It is no slot: the pass that comes back at its time takes one. */
export interface Place {
  readonly fingerprint: string;
  /** When it comes up, as long as the line does not move back. */
  readonly at: number;
  /** How far the line had moved back when the place was given. */
  readonly movedMs: number;
}

export interface DomainItem extends WorkItem {
  readonly network: string;
  readonly domain: string;
  readonly wanted: 'present' | 'absent';
  readonly version: RecordedVersion;
  /** Some event has said that the domain is wanted, in whichever order they came. Otherwise its row is never deleted. */
  readonly announced: boolean;
  readonly www: boolean;
  readonly native: boolean;
  readonly siteId: number | null;
  readonly domainId: number | null;
  readonly runcloudId: RuncloudId | null;
  /** The row that the relay's own POST has made; null: it has made none, or that is unknown. */
  readonly addedId: number | null;
  /** Set while the name is kept out of the web application although it is wanted. */
  readonly parking: Parking | null;
  /** Whether RunCloud serves `www.` too; null while unknown. */
  readonly wwwServed: boolean | null;
  readonly grace: Grace | null;
  /** Set while it waits for its first call. */
  readonly place: Place | null;
  /** When its `www.` was left out because orders for both had failed, and whether that has ended early. */
  readonly wwwWithheld: { readonly at: number; readonly over: boolean } | null;
  /** RunCloud has answered about this domain since the last update: never POST again without reading. */
  readonly answered: boolean;
  /** When its latest update was recorded: a list read before it says nothing about a removal. Null: unknown. */
  readonly recordedAt: number | null;
  /** Start of the last write to RunCloud: a listing kept from before it is out of date. */
  readonly wroteAt: number | null;
  /** Where a pass last left nothing to do, and when it ended; null: unknown, or `present`, which the id of the row tells. */
  readonly settledAt: { readonly serverId: string; readonly appId: string; readonly at: number } | null;
  readonly state: HostingState;
  readonly reason: string | null;
  /** RFC 3339: since when `state` holds. */
  readonly since: string;
  /** When it was last asked for, until it is served; null: it has been since. */
  readonly askedAt: number | null;
  /** What the multisite was last told. */
  readonly told: ToldState | null;
  readonly lastError: LastError | null;
  readonly history: readonly HistoryEntry[];
  /** Seconds since the epoch, for DynamoDB's TTL. */
  readonly expiresAt: number | null;
}
