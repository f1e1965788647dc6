interface Said {
  /** RFC 3339 in UTC with milliseconds, so text order is time order. */
  readonly timestamp: string;
  readonly id: string;
}

/**
 * Which of two updates is the last one, by the contract (docs/rules.md, "Updates") and not by the relay's own code.
 * `arrivals`: the ids of that domain in the order in which each of them arrived first.
 */
export function isNewer(a: Said, b: Said, arrivals: readonly string[]): boolean {
  return a.timestamp === b.timestamp
    ? arrivals.indexOf(a.id) > arrivals.indexOf(b.id)
    : a.timestamp > b.timestamp;
}
