/** When an event arrives, and how long the sweep leaves its work to the API handler. */
export interface RecordTerms {
  readonly now: number;
  /** The first delay of the item's kind. */
  readonly baseMs: number;
}

/** First delays that the API function has to send the message itself before the sweep does. */
export const API_MARGIN = 4;
