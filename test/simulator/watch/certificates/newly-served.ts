import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';

/** A check later than that after a name has arrived has another cause: most checks are daily. */
const SOON_MS = 2 * 60 * 60_000;

/** The row of a removal that is never followed stays, and asks for no certificate. */
function isServed(item: DomainItem | undefined): boolean {
  return item?.wanted === 'present' && item.state === 'present';
}

/** A removal that is taken back within its grace period returns to what it was: its row has never gone. */
function hasReturned(before: DomainItem | undefined): boolean {
  return (before?.grace?.before ?? null) !== null && before?.owner === null;
}

/** A pass over the certificate of a name. */
interface Pass {
  readonly owner: string;
  /** When it took the lease, or first read the domain after that: it has seen all that was written before. */
  readonly sawAt: number;
  readonly hasRead: boolean;
}

/** A name that arrives during a check of its certificate is checked soon after: that check has not seen it. */
export class NewlyServed {
  /** When the domain, or its `www.`, was last written down as served. */
  readonly #arrivedAt = new Map<string, number>();
  /** Wanted where a row is already. The pass that ends this asks for a certificate, and a check before it need not know. */
  readonly #arriving = new Set<string>();
  readonly #passes = new Map<string, Pass>();

  domainWritten(before: DomainItem | undefined, after: DomainItem, now: number): void {
    if (!isServed(after)) this.#arriving.delete(after.domain);
    else if (!isServed(before) && !hasReturned(before)) this.#arriving.add(after.domain);
    const arrived = after.dueAt === null && this.#arriving.delete(after.domain);
    const wwwArrived = isServed(after) && after.wwwServed === true && before?.wwwServed === false;
    if (arrived || wwwArrived) this.#arrivedAt.set(after.domain, now);
  }

  domainRead(domain: string, reader: string, now: number): void {
    const pass = this.#passes.get(domain);
    if (pass === undefined || pass.hasRead || !pass.owner.startsWith(`${reader}.`)) return;
    this.#passes.set(domain, { ...pass, sawAt: now, hasRead: true });
  }

  /** What is wrong with a write; undefined: nothing. */
  certificateWritten(
    before: CertificateItem | undefined,
    after: CertificateItem,
    now: number,
  ): string | undefined {
    const { domain, owner, dueAt } = after;
    if (owner !== null && owner !== before?.owner)
      this.#passes.set(domain, { owner, sawAt: now, hasRead: false });
    if (owner !== null || !before?.owner) return undefined;
    const sawAt = this.#passes.get(domain)?.sawAt ?? now;
    const unseen = (this.#arrivedAt.get(domain) ?? Number.NEGATIVE_INFINITY) > sawAt;
    const late = dueAt === null || dueAt > now + SOON_MS;
    return unseen && late ? `ends a pass that has not seen ${domain} arrive, and none comes soon` : undefined;
  }
}
