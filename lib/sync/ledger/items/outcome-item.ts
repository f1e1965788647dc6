import type { ErrorCode } from '../../../errors.ts';
import type { WorkItem } from './work-item.ts';

/** A network was paused, is paused for another cause, or went on. */
export interface PauseMoment {
  readonly type: 'network.paused' | 'network.resumed';
  readonly at: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** RFC 3339: since when the network is, or was, paused. */
  readonly since: string;
}

/** A domain or its certificate settled or failed. Where it stands is read when this is posted. */
export interface DomainMoment {
  readonly type: 'domain.settled' | 'domain.failed';
  readonly at: number;
  readonly domain: string;
  readonly inReplyTo: string | null;
}

/** One outcome on its way to the multisite: its schedule is that of any other work. */
export interface OutcomeItem extends WorkItem {
  readonly network: string;
  /** The webhook-id of every try. */
  readonly id: string;
  /** `done`: taken in by the receiver, or there is none. */
  readonly state: 'open' | 'done' | 'failed';
  readonly content: DomainMoment | PauseMoment;
  /** Seconds since the epoch, for DynamoDB's TTL. */
  readonly expiresAt: number | null;
}
