/** Every wait of a certificate's work is a multiple of CERTIFICATE_RETRY_BASE_SECONDS (docs/rules.md, "Delays"). */
export interface CertificateDelays {
  readonly firstMs: number;
  /** A burst of requests gathers so long before the first look. */
  readonly batchMs: number;
  /** No order while hosting work is open, unless the oldest request has been ready so long. */
  readonly oldestMs: number;
  /** Between an order and the checks for its certificate; the last one repeats. */
  readonly proofMs: readonly number[];
  /** An order whose certificate was not seen by then has failed. */
  readonly unconfirmedMs: number;
  /** AutoSSL has so long to order by itself. */
  readonly autosslMs: number;
  /** An attached name that points elsewhere holds an order no longer. */
  readonly heldMs: number;
  /** Hosting that is not there yet is asked after so often at most. */
  readonly leftMs: number;
  readonly lastMs: number;
  /** A customer's DNS is waited for with growing waits so long, then daily. */
  readonly dnsPatienceMs: number;
  readonly dailyMs: number;
  /** Waits chosen for failures, until one is given up. */
  readonly givingUpMs: number;
  /** Between two messages of the sweep for the same open work. */
  readonly resendMs: number;
  /** Until the sweep sends a message again after a pass that ended without a result. */
  readonly releasedMs: number;
}

export function certificateDelays(baseMs: number): CertificateDelays {
  return {
    firstMs: baseMs,
    batchMs: baseMs / 3,
    oldestMs: 3 * baseMs,
    proofMs: [baseMs / 2, baseMs, 2 * baseMs, 5 * baseMs],
    unconfirmedMs: 30 * baseMs,
    autosslMs: 30 * baseMs,
    heldMs: 60 * baseMs,
    leftMs: 10 * baseMs,
    lastMs: 240 * baseMs,
    dnsPatienceMs: 10_080 * baseMs,
    dailyMs: 1_440 * baseMs,
    givingUpMs: 900 * baseMs,
    resendMs: 60 * baseMs,
    releasedMs: 6 * baseMs,
  };
}
