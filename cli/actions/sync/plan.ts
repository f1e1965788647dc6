import type { Page } from '../../client/schemas.ts';
import type { ListedDomain } from './read-list.ts';

/** What the relay knows: each name, and what is wanted of it. Undefined: its item cannot be read. */
export type Known = ReadonlyMap<string, string | undefined>;

export interface SyncPlan {
  /** Named by the list, and not wanted yet. */
  readonly add: readonly ListedDomain[];
  /** Those of `add` that the multisite has removed before. */
  readonly removedBefore: readonly string[];
  /** Wanted already. */
  readonly unchanged: number;
  /** Wanted, and not named by the list. */
  readonly missing: readonly string[];
  /** Named by the list, and unreadable in the ledger. */
  readonly unreadable: readonly string[];
}

export async function collectKnown(pages: AsyncIterable<Page>): Promise<Known> {
  const known = new Map<string, string | undefined>();
  for await (const { domains, unreadable } of pages) {
    for (const { domain, wanted } of domains) known.set(domain, wanted);
    for (const domain of unreadable) known.set(domain, undefined);
  }
  return known;
}

/** The difference between a list and what the relay knows. The relay already knows what an earlier run has sent. */
export function planSync(listed: readonly ListedDomain[], known: Known): SyncPlan {
  const named = new Set(listed.map(({ domain }) => domain));
  const unreadable = listed.filter(({ domain }) => known.has(domain) && known.get(domain) === undefined);
  const add = listed.filter(({ domain }) => !known.has(domain) || known.get(domain) === 'absent');
  return {
    add,
    removedBefore: add.flatMap(({ domain }) => (known.has(domain) ? [domain] : [])),
    unchanged: listed.length - add.length - unreadable.length,
    missing: [...known].flatMap(([domain, wanted]) =>
      wanted === 'present' && !named.has(domain) ? [domain] : [],
    ),
    unreadable: unreadable.map(({ domain }) => domain),
  };
}
