import { type ErrorCode, type FailureKind, RelayError } from '../../errors.ts';
import type { Place } from './items/domain-item.ts';
import type { Pause } from './items/network-item.ts';

/** A removal that is never followed: the row stays, and the domain settles as present for this reason. */
export abstract class RefusedRemoval extends RelayError {
  abstract override readonly code: 'protected-domain' | 'primary-domain';
  override readonly failure: FailureKind = 'never';
}

/** The name belongs to the network itself: it is never removed. */
export class ProtectedDomain extends RefusedRemoval {
  override readonly name = 'ProtectedDomain';
  override readonly code = 'protected-domain';
}

/** RunCloud serves this name as the application's primary domain: it is never removed. */
export class PrimaryDomain extends RefusedRemoval {
  override readonly name = 'PrimaryDomain';
  override readonly code = 'primary-domain';
}

/** No event has ever said that this domain is wanted, so its row was made by other means: it is never removed. */
export class NotAnnounced extends RelayError {
  override readonly name = 'NotAnnounced';
  override readonly code: ErrorCode = 'not-announced';
  override readonly failure: FailureKind = 'never';

  constructor(domain: string) {
    super(
      `The multisite never announced ${domain}, so the relay leaves its row alone: delete it in RunCloud's panel if it is to go`,
    );
  }
}

/** RunCloud answered with success, but what it said cannot be right; another pass will show. */
export class ImplausibleAnswer extends RelayError {
  override readonly name = 'ImplausibleAnswer';
  override readonly code: ErrorCode = 'runcloud-unavailable';
  override readonly failure: FailureKind = 'passing';
}

/** A write had no answer, nothing has come of it, and the time for trying is over. */
export class NothingCameOfIt extends RelayError {
  override readonly name = 'NothingCameOfIt';
  override readonly code: ErrorCode = 'runcloud-unavailable';
  override readonly failure: FailureKind = 'passing';
}

/** The list of domains is longer than one call of the worker can read, even with no other reader. */
export class ListTooLong extends RelayError {
  override readonly name = 'ListTooLong';
  override readonly code: ErrorCode = 'runcloud-timeout';
  override readonly failure: FailureKind = 'passing';
}

/** Another network of this deployment holds the web application. */
export class AppClaimed extends RelayError {
  override readonly name = 'AppClaimed';
  override readonly code: ErrorCode = 'app-claimed';
  override readonly failure: FailureKind = 'network';
}

/** The network has no secret, or its owner has paused it. */
export class PausedByOwner extends RelayError {
  override readonly name = 'PausedByOwner';
  override readonly code: ErrorCode = 'paused';
  override readonly failure: FailureKind = 'network';
}

export class SecretMissing extends RelayError {
  override readonly name = 'SecretMissing';
  override readonly code: ErrorCode = 'secret-invalid';
  override readonly failure: FailureKind = 'network';
}

/** After this many passes in a row without an outcome, a pass only gives up. */
export const MOST_CRASHES = 5;

/** The passes of one item keep ending without an outcome: a bug of the relay, or something that kills the worker. */
export class RepeatedCrash extends RelayError {
  override readonly name = 'RepeatedCrash';
  override readonly code: ErrorCode = 'internal-error';
  override readonly failure: FailureKind = 'never';

  constructor() {
    super(`${MOST_CRASHES} passes in a row ended without an outcome`);
  }
}

/** What a domain waits for, where its reader can see it. */
export type WaitReason = 'grace-period' | 'removals-limited' | 'additions-limited';

/**
 * Not a failure: the work goes on, but not before `until`, for want of a slot, room under the removal limit, or time of the
 * function. Nothing is counted.
 */
export class NotBefore extends Error {
  override readonly name = 'NotBefore';
  readonly until: number;
  readonly reason: WaitReason | null;
  /** The place in which it waits for a slot; null: it waits for something else, or stands in no line. */
  readonly place: Place | null;

  constructor(until: number, reason: WaitReason | null = null, place: Place | null = null) {
    super('The work goes on later');
    this.until = until;
    this.reason = reason;
    this.place = place;
  }
}

/** Another worker has taken over: this one must write nothing more. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The network is paused, and this pass did not win its probe. */
export class NetworkPaused extends Error {
  override readonly name = 'NetworkPaused';
  readonly pause: Pause;

  constructor(pause: Pause) {
    super('The network is paused');
    this.pause = pause;
  }
}
