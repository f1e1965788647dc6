import type { DnsReason } from '../../dns/gate.ts';
import type { ErrorCode, RelayError } from '../../errors.ts';
import type { LastError } from '../../sync/ledger/items/status.ts';
import type { OrderError } from '../order-log/application.ts';
import type { OrderLimit } from '../order-log/limits.ts';

/** A certificate that a handshake has shown. Instants in milliseconds since the epoch. */
export interface ServedCertificate {
  readonly notBefore: number;
  readonly notAfter: number;
  readonly via: 'edge' | null;
}

/** How a pass over one request ended. */
export type CertificateResult =
  /** The domain is not wanted any more. */
  | { readonly kind: 'closed' }
  /** Its hosting is not ready: sync-domain makes the request due; until then there is nothing to do. */
  | { readonly kind: 'left'; readonly until: number }
  | { readonly kind: 'hosting-failed'; readonly error: LastError | null }
  /** `fix`: what else its owner can do. */
  | { readonly kind: 'valid'; readonly shown: ServedCertificate; readonly fix?: string }
  | { readonly kind: 'waiting-dns'; readonly reason: DnsReason; readonly fix: string }
  /** No handshake: what was known before stays true. `ordered`: by RunCloud, or for an earlier request. */
  | { readonly kind: 'unverified'; readonly why: string; readonly ordered?: boolean }
  /** An order has been running since `orderedAt`. `said`: RunCloud's words when it took that order, where they are known. */
  | { readonly kind: 'requested'; readonly orderedAt: number; readonly said?: string | null }
  /** Ready, but not before `until`. Counts nothing. */
  | {
      readonly kind: 'waiting';
      readonly until: number;
      readonly reason: 'held-by-name' | 'order-budget' | 'autossl' | null;
      readonly fix: string | null;
      /** Of `order-budget`: the spent limit, and what to do where failed orders have spent it. */
      readonly limit?: OrderLimit;
      readonly failedFix?: string;
      /** Of `order-budget`: why the last order for the name has failed, whichever request made it. */
      readonly failure?: OrderError | undefined;
    }
  /** Another item has to be settled first: checked again with growing waits. */
  | { readonly kind: 'later' }
  /** Nothing could be checked: what was known before stays true. */
  | { readonly kind: 'troubled'; readonly error: RelayError }
  /** Ready, but refused: tried again with growing waits, and given up in the end. */
  | {
      readonly kind: 'failing';
      readonly error: RelayError;
      /** Of a failed order: what its reader can do. */
      readonly fix?: string;
    }
  | {
      readonly kind: 'failed';
      readonly reason: 'name-limit' | 'order-failed' | 'custom-certificate' | 'name-unsupported';
      readonly fix: string;
      readonly error: { readonly code: ErrorCode; readonly message: string };
    }
  /** No slot, or no time left in the function: the request stays as it is. */
  | { readonly kind: 'held'; readonly until: number }
  /** The network is paused. */
  | {
      readonly kind: 'paused';
      readonly until: number;
      readonly code: ErrorCode;
      readonly message: string;
    };
