import { isElsewhere } from '../ledger/domains/elsewhere.ts';
import { WWW } from '../ledger/domains/www.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import type { App, HostedDomain } from '../ledger/runcloud-ports.ts';
import { LANDS_WITHIN_MS } from '../network/listing/kept-listings.ts';
import type { ListReading } from '../network/listing/list-reading.ts';
import { isProtected } from '../network/listing/protected-names.ts';
import { parentOf, servedNames, wildcardOver } from '../network/listing/served-names.ts';

const WILDCARD = '*.';

/** Settled, and not written since shortly before the list was read. Otherwise the list may be older than the item. */
function isSettledBefore(item: DomainItem, begunAt: number): boolean {
  return (
    item.dueAt === null &&
    item.owner === null &&
    Date.parse(item.since) + LANDS_WITHIN_MS < begunAt &&
    (item.wroteAt === null || item.wroteAt + LANDS_WITHIN_MS < begunAt)
  );
}

/** Whether the ledger holds this domain present. A failed domain has its dead letter and is not retried here. */
export function isHeldPresent(item: DomainItem, begunAt: number): boolean {
  return item.wanted === 'present' && item.state === 'present' && isSettledBefore(item, begunAt);
}

interface ComparedWith {
  /** The application whose list it is. */
  readonly app: App;
  readonly reading: Pick<ListReading, 'serves'>;
}

/**
 * A domain that the ledger holds present and that nothing in RunCloud's list serves, or that it knows at another application only:
 * the requeue after a move leaves out a domain that it cannot read, and what serves its name here is not as it is wanted.
 */
export function isMissing(item: DomainItem, begunAt: number, { app, reading }: ComparedWith): boolean {
  if (!isHeldPresent(item, begunAt)) return false;
  if (isElsewhere(item, app)) return true;
  const covered = item.native && reading.serves(wildcardOver(item.domain));
  return !covered && !reading.serves(item.domain);
}

/**
 * The rows of RunCloud that the ledger does not explain. A removal that is open or failed is not among them: its own pass
 * or its dead letter reports it.
 */
export class UnexpectedRows {
  readonly #begunAt: number;
  readonly #protectedDomains: readonly string[];
  readonly #byName: ReadonlyMap<string, HostedDomain>;
  readonly #bases: ReadonlySet<string>;
  readonly #explained = new Set<string>();
  readonly #unwanted: string[] = [];

  constructor(
    rows: Iterable<HostedDomain>,
    at: { readonly begunAt: number; readonly protectedDomains: readonly string[] },
  ) {
    this.#begunAt = at.begunAt;
    this.#protectedDomains = at.protectedDomains;
    const all = [...rows];
    this.#byName = new Map(all.map((row) => [row.name, row]));
    // Wildcards and `www.` of these are the network's own.
    this.#bases = new Set([
      ...at.protectedDomains,
      ...all.filter(({ type }) => type === 'primary').map(({ name }) => name),
    ]);
  }

  /** Takes one more item of the ledger into account. */
  explain(item: DomainItem): void {
    const { domain, wanted } = item;
    const row = this.#byName.get(domain);
    if (row !== undefined) {
      this.#explained.add(domain);
      const gone = wanted === 'absent' && item.state === 'absent' && isSettledBefore(item, this.#begunAt);
      if (gone && this.#isUnexpected(row)) this.#unwanted.push(domain);
    }
    if (wanted === 'absent') return;
    const wildcard = wildcardOver(domain);
    this.#explained.add(WWW + domain).add(wildcard);
    const above = this.#byName.get(parentOf(domain));
    if (above !== undefined && servedNames(above).includes(wildcard)) this.#explained.add(above.name);
  }

  /** An item that cannot be read may want its name, so its row is not reported. */
  explainUnreadable(domain: string): void {
    this.#explained.add(domain).add(WWW + domain);
  }

  get unwanted(): readonly string[] {
    return this.#unwanted;
  }

  /** Complete once every item has been explained. */
  get unknown(): readonly string[] {
    return [...this.#byName.values()]
      .filter((row) => !this.#explained.has(row.name) && this.#isUnexpected(row))
      .map(({ name }) => name);
  }

  /** Not the network's own: neither primary nor protected, nor a wildcard or `www.` of such a name. */
  #isUnexpected({ name, type }: HostedDomain): boolean {
    if (type === 'primary' || isProtected(name, this.#protectedDomains)) return false;
    const bare = [WWW, WILDCARD].find((start) => name.startsWith(start));
    return bare === undefined || !this.#bases.has(name.slice(bare.length));
  }
}
