/** What a person who runs a network is told. */
export interface Notice {
  readonly code: string;
  /** Null: it is about the whole network. */
  readonly domain: string | null;
  readonly message: string;
  readonly fix: string | null;
  /** What follows `relay` on the command line. */
  readonly command: string | null;
  /** When it was recorded, in milliseconds since the epoch. */
  readonly at: number;
}

/** The notices of one network that are still to be mailed, and what was mailed lately. */
export interface NoticesItem {
  readonly network: string;
  /** Oldest first. */
  readonly waiting: readonly Notice[];
  /** How many more were recorded than are kept. */
  readonly more: number;
  /** Of the last day: conditions, each of which is told once, and the last news of subjects, each with its moment. */
  readonly told: readonly { readonly name: string; readonly at: number }[];
  /** What lasts until another notice ends it: mailed again every day. */
  readonly lasting: readonly Notice[];
  readonly mailedAt: number | null;
  /** When the sweep mails them. */
  readonly sendAt: number | null;
}
