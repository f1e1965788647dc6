/** Every wait of a domain's work is a multiple of RETRY_BASE_SECONDS (docs/rules.md, "Delays"), so a test can shorten all at once. */
export interface DomainDelays {
  readonly firstMs: number;
  /** How long the sweep leaves an API handler's own message to arrive before it sends one. */
  readonly apiMarginMs: number;
  /** Between two messages of the sweep for the same open work. */
  readonly resendMs: number;
  /** Until the sweep sends a message again after a pass that ended without an outcome. */
  readonly releasedMs: number;
  /** Between two probes of a paused network. */
  readonly probeMs: number;
  /** Waiting domains return spread over this time after a probe is due, so that any of them may be the probe. */
  readonly probeSpreadMs: number;
  /** A write without an answer may land for this long. */
  readonly ambiguityMs: number;
  readonly lastMs: number;
  /** How long a refusal is tried again, for a domain may be moving between applications. */
  readonly refusedMs: number;
  readonly givingUpMs: number;
}

export function domainDelays(baseMs: number): DomainDelays {
  return {
    firstMs: baseMs,
    apiMarginMs: 4 * baseMs,
    resendMs: 60 * baseMs,
    releasedMs: 12 * baseMs,
    probeMs: 30 * baseMs,
    probeSpreadMs: 6 * baseMs,
    ambiguityMs: 30 * baseMs,
    lastMs: 480 * baseMs,
    refusedMs: 120 * baseMs,
    givingUpMs: 1_800 * baseMs,
  };
}
