/** Every wait of a domain's work is a multiple of RETRY_BASE_SECONDS (docs/rules.md, "Delays"), so a test can shorten all at once. */
export interface DomainDelays {
  readonly firstMs: number;
  /** How long an API handler leaves the message it sent itself to arrive, before the sweep sends one. */
  readonly apiMarginMs: number;
  /** Between two messages of the sweep for the same open work. */
  readonly resendMs: number;
  /** Until the sweep sends somebody again after a look that ended without an outcome. */
  readonly releasedMs: number;
  /** Between two probes of a paused network; as long may a write without an answer still land. */
  readonly probeMs: number;
  /** Over that time behind a probe's moment all that wait for it are spread, so that any of them may be the probe. */
  readonly probeSpreadMs: number;
  readonly ambiguityMs: number;
  readonly lastMs: number;
  /** A refusal is tried that long, for a domain may be moving between applications. */
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
