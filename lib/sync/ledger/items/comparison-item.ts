import type { ReadingState } from './listing-item.ts';
import type { NameList } from './network-item.ts';

/** How far a comparison came that goes on in another call. */
export interface ComparisonItem {
  readonly begunAt: number;
  readonly serverId: string;
  readonly appId: string;
  /** The page to be read next; null: all have been read. */
  readonly nextPage: number | null;
  /** Of a list that is read from its last page to its first; null: it is read from the first one on. */
  readonly reading: ReadingState | null;
  readonly rows: number;
  /** As told by the first page. */
  readonly total: number | null;
  /** Every page told the same total, and every row could be read. */
  readonly steady: boolean;
  /** Fingerprints of all names served by the rows read so far, one after the other. */
  readonly served: string;
  readonly unwanted: NameList;
  readonly unknown: NameList;
  readonly expiresAt: number | null;
}
