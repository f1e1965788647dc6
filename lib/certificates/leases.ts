import type { CertificateItem } from '../sync/ledger/items/certificate-item.ts';
import { certificateKey } from '../sync/ledger/keys.ts';
import type { Stored } from '../sync/ledger/ports.ts';
import type { Access } from '../sync/ledger/runcloud-ports.ts';
import { type Followed, follow } from '../sync/ledger/updates/followed.ts';
import { takenLease } from '../sync/ledger/updates/taken-lease.ts';
import { releaseLease, takeLease } from '../sync/ledger/work/work-lease.ts';
import type { LateEnds } from './late-ends.ts';
import type { CertificateResult, ServedCertificate } from './outcome/result.ts';
import { settle } from './outcome/settle.ts';
import type { CertificateServices } from './services.ts';

export interface CertificateFindings {
  readonly result: CertificateResult;
  readonly shown: ServedCertificate | null;
  readonly wwwAskedAt: number | null;
  /** The name leads to the server, or the server shows a certificate for it. */
  readonly pointsHere: boolean;
}

/** How a request is given back: whether that counts as a crash, and when its next message comes. */
interface Release {
  readonly crashed: boolean;
  readonly delayMs: number;
}

/** The requests that one pass has taken, each under a lease of its own, so that a change in the meantime is noticed. */
export class CertificateLeases {
  readonly #owner: string;
  readonly #lateEnds: LateEnds;
  /** The pass may send the message of the next one. */
  readonly #maySend: boolean;
  readonly #s: CertificateServices;
  /** The same for all, and no later than the lease on the application, so the next worker after a killed one finds them free. */
  readonly #leaseUntil: number;
  readonly #taken = new Map<string, CertificateItem>();
  /** What the pass has seen of each last. */
  readonly #followed = new Map<string, Followed<'certificate'>>();
  /** When the pass asked about `www.`, by the domains of which it did. */
  readonly #wwwAskedAt = new Map<string, number>();
  /** Whether outcomes are posted; true as long as the secret was not read. */
  #tellsOutcomes = true;

  constructor(
    {
      owner,
      lateEnds,
      maySend,
    }: { readonly owner: string; readonly lateEnds: LateEnds; readonly maySend: boolean },
    s: CertificateServices,
  ) {
    this.#owner = owner;
    this.#lateEnds = lateEnds;
    this.#maySend = maySend;
    this.#s = s;
    this.#leaseUntil = s.clock.now() + s.leaseMs;
  }

  opened({ tellsOutcomes }: Pick<Access, 'tellsOutcomes'>): void {
    this.#tellsOutcomes = tellsOutcomes;
  }

  /** Kept with the release too: a request that cannot be settled would make its domain due at every pass. */
  wwwAsked(domain: string, at: number | null): void {
    if (at !== null) this.#wwwAskedAt.set(domain, at);
  }

  /** A request, as the pass goes on with it. */
  requestOf({ network, domain }: Pick<CertificateItem, 'network' | 'domain'>): Followed<'certificate'> {
    const followed = this.#followed.get(domain);
    return followed ?? follow(this.#s.ledger, certificateKey(network, domain));
  }

  /** The request as it is now; undefined: not due any more. */
  async take(stored: Stored<CertificateItem>): Promise<CertificateItem | undefined> {
    const { ledger, clock, delays } = this.#s;
    const { network, domain } = stored.item;
    const now = clock.now();
    const terms = { owner: this.#owner, now, leaseMs: this.#leaseUntil - now, ambiguityMs: 0 };
    const followed = follow(ledger, certificateKey(network, domain), stored);
    this.#followed.set(domain, followed);
    const lease = await takenLease(
      () => followed.update((item) => takeLease(item, terms)),
      () => {
        const at = { crashed: false, sendAt: clock.now() + delays.releasedMs, ambiguityMs: 0 };
        return followed.update((item) => releaseLease(item, this.#owner, at));
      },
    );
    if (lease.kind !== 'taken') return undefined;
    this.#taken.set(domain, lease.item);
    return lease.item;
  }

  /** Stores the result. Returns the item, or undefined if it was changed in the meantime, or is out of reach and settled late. */
  async settle(item: CertificateItem, found: CertificateFindings): Promise<CertificateItem | undefined> {
    const { clock, random, delays, report, newOwner, successNotices } = this.#s;
    const { domain, revision } = item;
    const outcomeId = newOwner();
    const readers = { multisite: this.#tellsOutcomes, people: successNotices };
    const end = { ...found, owner: this.#owner, outcomeId, revision, readers, delays, random };
    const write = async (maySend: boolean) => {
      const input = { ...end, maySend, now: clock.now() };
      const settled = await this.requestOf(item).update((current) => settle(current, input));
      report({ kind: 'checked', item, result: found.result, settled });
      return settled;
    };
    // The message of the pass has been sent by then, so a late end has the sweep's.
    const settled = await this.#lateEnds.write(
      () => write(this.#maySend),
      () => write(false),
    );
    this.#taken.delete(domain);
    return settled?.kind === 'done' ? settled.item : undefined;
  }

  /** Releases a request after an unexpected error. It alone counts a crash. */
  async crashed(item: CertificateItem, error: unknown): Promise<void> {
    this.#s.report({ kind: 'crashed', item, error });
    await this.#giveBack(item, { crashed: true, delayMs: this.#s.delays.releasedMs });
  }

  /** Releases a request unchanged, because it has to wait for an item that cannot be read. */
  async letGo(item: CertificateItem): Promise<void> {
    await this.#giveBack(item, { crashed: false, delayMs: this.#s.delays.resendMs });
  }

  /** Releases what was not settled. A lease that cannot be released ends by itself. */
  async releaseAll(as: Release): Promise<void> {
    const left = [...this.#taken.values()];
    this.#taken.clear();
    await this.#lateEnds.writeAll(left.map((item) => () => this.#release(item, as)));
  }

  async #giveBack(item: CertificateItem, as: Release): Promise<void> {
    await this.#lateEnds.write(() => this.#release(item, as));
    this.#taken.delete(item.domain);
  }

  async #release(item: CertificateItem, { crashed, delayMs }: Release): Promise<void> {
    const at = { crashed, sendAt: this.#s.clock.now() + delayMs, ambiguityMs: 0 };
    await this.requestOf(item).update((current) => {
      const { write, result } = releaseLease(current, this.#owner, at);
      const wwwAskedAt = this.#wwwAskedAt.get(item.domain) ?? write?.wwwAskedAt ?? null;
      return { ...(write && { write: { ...write, wwwAskedAt } }), result };
    });
  }
}
