/** Every wait of a certificate's work is a multiple of CERTIFICATE_RETRY_BASE_SECONDS (docs/rules.md, "Delays"). */
export interface CertificateDelays {
  readonly firstMs: number;
  /** How long a burst of requests gathers before the first pass. */
  readonly batchMs: number;
  /** How long the oldest ready request waits for open hosting work before the order is made. */
  readonly oldestMs: number;
  /** Between two checks of a request that waits for it: each one costs DNS, TLS and a row of the index. */
  readonly openHostingMs: number;
  /** Between an order and the checks for its certificate; the last one repeats. */
  readonly proofMs: readonly number[];
  /** An order whose certificate is not seen within this time has failed. */
  readonly unconfirmedMs: number;
  /** How long AutoSSL may take to order by itself. */
  readonly autosslMs: number;
  /** How long a name whose DNS never led here is served before it may be parked. */
  readonly parkedAfterMs: number;
  /** How long an attached name that points elsewhere may hold an order. */
  readonly heldMs: number;
  /** The shortest wait between two checks of hosting that is not ready. */
  readonly leftMs: number;
  readonly lastMs: number;
  /** How long a customer's DNS is checked with growing waits; after that daily. */
  readonly dnsPatienceMs: number;
  readonly dailyMs: number;
  /** The total of the waits after failures before a request is given up. */
  readonly givingUpMs: number;
  /** Between two messages of the sweep for the same open work. */
  readonly resendMs: number;
  /** Until the sweep sends a message again after a pass that ended without a result. */
  readonly releasedMs: number;
  /** How long the sweep leaves the message of a pass to arrive before it sends one. */
  readonly messageMarginMs: number;
  /** Requests of a network that are due within this time share the message of a pass. */
  readonly sharedMs: number;
}

export function certificateDelays(baseMs: number): CertificateDelays {
  return {
    firstMs: baseMs,
    batchMs: baseMs / 3,
    oldestMs: 3 * baseMs,
    openHostingMs: baseMs,
    proofMs: [baseMs / 2, baseMs, 2 * baseMs, 5 * baseMs],
    unconfirmedMs: 30 * baseMs,
    autosslMs: 30 * baseMs,
    parkedAfterMs: 15 * baseMs,
    heldMs: 60 * baseMs,
    leftMs: 10 * baseMs,
    lastMs: 240 * baseMs,
    dnsPatienceMs: 10_080 * baseMs,
    dailyMs: 1_440 * baseMs,
    givingUpMs: 900 * baseMs,
    resendMs: 60 * baseMs,
    releasedMs: 6 * baseMs,
    messageMarginMs: 2 * baseMs,
    sharedMs: baseMs / 4,
  };
}
