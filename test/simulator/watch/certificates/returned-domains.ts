import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey, domainKey } from '../../../../lib/sync/ledger/keys.ts';
import { faultsSince } from '../../world/incidents/item-faults.ts';
import { NETWORK, type World } from '../../world/world.ts';

const AWAITED: ReadonlySet<CertificateItem['state']> = new Set(['pending', 'waiting-dns', 'requested']);

/** A removal was taken back without a pass. */
function hasReturned(before: DomainItem | undefined, after: DomainItem): boolean {
  return before?.wanted === 'absent' && after.wanted === 'present' && after.dueAt === null;
}

/**
 * A domain whose removal is taken back without a pass: its certificate, which checks of the grace period have put off, is due once
 * the multisite has its answer.
 */
export class ReturnedDomains {
  readonly #world: World;
  readonly #broken: string[];
  /** When a domain came back, by which update, and the revision that its certificate had then. */
  readonly #returned = new Map<
    string,
    { readonly at: number; readonly by: string; readonly revision: number }
  >();

  constructor(world: World, broken: string[]) {
    this.#world = world;
    this.#broken = broken;
  }

  #certificateOf(domain: string): CertificateItem | undefined {
    return this.#world.ledger.peek(certificateKey(NETWORK, domain));
  }

  domainWritten(before: DomainItem | undefined, after: DomainItem): void {
    const { domain, version } = after;
    if (before?.wanted !== after.wanted) this.#returned.delete(domain);
    const certificate = this.#certificateOf(domain);
    if (!hasReturned(before, after) || !certificate?.wanted || !AWAITED.has(certificate.state)) return;
    this.#returned.set(domain, {
      at: this.#world.scheduler.now(),
      by: version.id,
      revision: certificate.revision,
    });
  }

  /** The multisite has the answer to this addition. */
  answered(domain: string, id: string): void {
    const returned = this.#returned.get(domain);
    if (returned?.by !== id) return;
    this.#returned.delete(domain);
    const certificate = this.#certificateOf(domain);
    if (certificate === undefined) return;
    const isAwaited = certificate.wanted && AWAITED.has(certificate.state);
    const isOutOfUse = faultsSince(this.#world, ['certificate'], returned.at).length > 0;
    // A newer addition has made it due meanwhile.
    const { wanted, dueAt } = this.#world.ledger.peek(domainKey(NETWORK, domain)) ?? {};
    const isServed = wanted === 'present' && dueAt === null;
    if (isServed && isAwaited && !isOutOfUse && certificate.revision === returned.revision)
      this.#broken.push(`${domain} came back, and its certificate waits for the end of the grace period`);
  }
}
