import { MINUTE_MS } from '../time.ts';

/** How long after the end of an unreleased lease the sweep sends another worker. */
export const AFTER_LEASE_MS = MINUTE_MS;

/** The worker that may change something, and until when; it is free without an owner, and once that time is over. */
export interface Lease {
  readonly owner: string | null;
  readonly leaseUntil: number | null;
}

export function taken(
  owner: string,
  leaseUntil: number,
): { readonly owner: string; readonly leaseUntil: number } {
  return { owner, leaseUntil };
}

export const released = { owner: null, leaseUntil: null } as const satisfies Lease;

export function isHeld<T extends Lease>(
  lease: T,
  now: number,
): lease is T & { readonly owner: string; readonly leaseUntil: number } {
  return lease.owner !== null && lease.leaseUntil !== null && lease.leaseUntil > now;
}

export function heldByOther(lease: Lease, owner: string, now: number): boolean {
  return lease.owner !== owner && isHeld(lease, now);
}
