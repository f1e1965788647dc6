interface Said {
  /** RFC 3339 in UTC with milliseconds, so text order is time order. */
  readonly timestamp: string;
  readonly id: string;
}

/** Which of two updates is the last one, by the contract (docs/rules.md, "Updates") and not by the relay's own code. */
export function isNewer(a: Said, b: Said): boolean {
  return a.timestamp === b.timestamp ? a.id > b.id : a.timestamp > b.timestamp;
}
