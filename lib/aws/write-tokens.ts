import { randomBytes } from 'node:crypto';
import * as z from 'zod/mini';
import type { Key, Kind } from '../sync/ledger/keys.ts';

/** More writes than one item gets while the SDK repeats a call: the busiest kinds get one or two a second. */
const KEPT_TOKENS = 16;
/** Items whose last read is remembered. A forgotten one costs little: a repeated write may look like another writer's. */
const MOST_ITEMS = 1_000;

/** Identifies one write. */
export function newToken(): string {
  return randomBytes(6).toString('base64url');
}

const tokensSchema = z.object({
  token: z.optional(z.string()),
  earlierTokens: z._default(z.array(z.string()), []),
});

/** The tokens of an item's last writes, newest first. */
export function tokensIn(fields: unknown): readonly string[] {
  const read = tokensSchema.safeParse(fields);
  if (!read.success) return [];
  const { token, earlierTokens } = read.data;
  return token === undefined ? [] : [token, ...earlierTokens];
}

/**
 * Each write passes on the tokens of earlier writes, so a writer whose answer was lost finds its own even after others
 * have written. The port's items carry no tokens, so this class keeps them from the read to the write.
 */
export class ReadTokens {
  readonly #read = new Map<string, { readonly writes: number; readonly tokens: readonly string[] }>();

  note(key: Key<Kind>, writes: number, tokens: readonly string[]): void {
    const name = nameOf(key);
    this.#read.delete(name);
    this.#read.set(name, { writes, tokens });
    const [oldest] = this.#read.keys();
    if (this.#read.size > MOST_ITEMS && oldest !== undefined) this.#read.delete(oldest);
  }

  /** The tokens that a write over that state passes on. */
  before(key: Key<Kind>, writes: number): readonly string[] {
    const read = this.#read.get(nameOf(key));
    return read?.writes === writes ? read.tokens.slice(0, KEPT_TOKENS) : [];
  }
}

/** Of an item, in maps. No key of ours holds a line break. */
export function nameOf({ network, item }: Pick<Key<Kind>, 'network' | 'item'>): string {
  return `${network}\n${item}`;
}
