/** When an event arrives, and how long the sweep leaves its work to the API handler. */
export interface RecordTerms {
  readonly now: number;
  /** The first delay of the item's kind. */
  readonly baseMs: number;
}

/** Additionally how long a removal waits in case it is taken back; 0: it does not. */
export interface UpdateTerms extends RecordTerms {
  readonly graceMs?: number;
}

/** First delays that the API function has to send the message itself before the sweep does. */
export const API_MARGIN = 4;
