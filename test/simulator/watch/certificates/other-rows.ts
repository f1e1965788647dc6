import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { NETWORK, type World } from '../../world/world.ts';

/** A later check comes by itself: most are daily. */
const SOON_MS = 60 * 60_000;

/** A row that takes the place of another one, which a person has deleted, may be without the certificate of that. */
export class OtherRows {
  readonly #world: World;
  readonly #broken: string[];
  /** The row of each name, for which its certificate was asked for. */
  readonly #ids = new Map<string, number>();

  constructor(world: World, broken: string[]) {
    this.#world = world;
    this.#broken = broken;
  }

  domainWritten({ domain, wanted, state, owner, dueAt, runcloudId }: DomainItem): void {
    if (wanted !== 'present' || state !== 'present' || owner !== null || runcloudId === null) return;
    const { id } = runcloudId;
    if ((this.#ids.get(domain) ?? id) === id || this.#isCheckedSoon(domain)) this.#ids.set(domain, id);
    // A pass that has stored the row, and was held up after that, is followed by another one.
    else if (dueAt === null)
      this.#broken.push(`${domain} has another row, and no check of its certificate comes soon`);
  }

  #isCheckedSoon(domain: string): boolean {
    const now = this.#world.scheduler.now();
    const request = this.#world.ledger.peek(certificateKey(NETWORK, domain));
    if (request === undefined) return false;
    return request.owner !== null || (request.dueAt !== null && request.dueAt <= now + SOON_MS);
  }
}
