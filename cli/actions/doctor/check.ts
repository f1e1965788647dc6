import type { CheckState } from '../../../lib/connection/check.ts';

/** One check of the doctor. `network` is null for what all networks share. */
export interface DoctorCheck {
  readonly network: string | null;
  readonly name: string;
  readonly state: CheckState;
  readonly detail: string;
  /** What to do about it; null if there is nothing to do. */
  readonly fix: string | null;
}

/** A check that needs more than an address. */
export function notVisible(network: string | null, name: string): DoctorCheck {
  return {
    network,
    name,
    state: 'skipped',
    detail: 'Not tried: an address does not lead there',
    fix: 'Name the relay with --stage or --local to have this checked too',
  };
}

/** One that must not keep the others from being made. */
export function unanswered(network: string | null, name: string, error: Error): DoctorCheck {
  return {
    network,
    name,
    state: 'not-answered',
    detail: error.message,
    fix: 'Correct this, then run relay doctor again',
  };
}
