/** Where a network's outcomes are posted, and the secrets that sign them. */
export interface Receiver {
  readonly url: string;
  readonly secrets: readonly string[];
}

export interface Receivers {
  /**
   * Undefined: the network wants no outcomes, or there is no such network. `fresh`: not from what is kept. Throws a `RelayError`
   * for a faulty secret, `Unavailable('secrets')` when out of reach.
   */
  receiver(network: string, options: { readonly fresh: boolean }): Promise<Receiver | undefined>;
}

export interface OutgoingWebhook {
  readonly id: string;
  readonly body: string;
  /** When it is signed, in milliseconds since the epoch. */
  readonly now: number;
}

export type PostAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly retryAfterMs: number | undefined }
  /** Why there was no answer, in a few words, without the address. */
  | { readonly kind: 'unanswered'; readonly why: string };

/** Posts once. Never throws for what the other side does. */
export type Post = (webhook: OutgoingWebhook, receiver: Receiver) => Promise<PostAnswer>;
