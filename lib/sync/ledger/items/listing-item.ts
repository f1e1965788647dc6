import type { HostedDomain } from '../runcloud-ports.ts';

/** Where the reading of a list stands, besides its rows. */
export interface ReadingState {
  /** Null: all pages have been read. */
  readonly nextPage: number | null;
  /** Of the first page. */
  readonly rowsPerPage: number;
  /** How often the last page was looked for; null: it has been read. */
  readonly lastPages: number | null;
  /** As stated by the first answer; null: it stated none. */
  readonly total: number | null;
  readonly sameTotal: boolean;
  /** Every answer stated a total, or none did. */
  readonly alike: boolean;
  /** Every row could be read, and every page brought rows of its own. */
  readonly sound: boolean;
  /** The ids rise through the whole list. */
  readonly ordered: boolean;
  readonly lowestId: number;
}

/** RunCloud's list as one worker read it, for all workers of its network: one of its parts. */
export interface ListingItem {
  readonly serverId: string;
  readonly appId: string;
  /** When its reading began. All parts of one list have the same. */
  readonly begunAt: number;
  /** Null: the reading goes on in another call, from `reading` on. */
  readonly doneAt: number | null;
  readonly reading: ReadingState | null;
  readonly complete: boolean;
  readonly confirmed: boolean;
  /** How many items hold its rows. */
  readonly parts: number;
  readonly rows: readonly HostedDomain[];
  readonly expiresAt: number;
}
