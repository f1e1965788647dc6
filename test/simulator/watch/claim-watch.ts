import type { ClaimItem } from '../../../lib/sync/ledger/items/shared-items.ts';
import { claimKey, type Key, type Kind, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Actor } from '../chance/scheduler.ts';
import { NETWORK, type World } from '../world/world.ts';
import { CLOCKS_AGREE_MS } from './clocks.ts';

/** A claim that is not renewed is free (docs/rules.md, "Applications and secrets"). */
const FREE_AFTER_MS = 48 * 60 * 60_000;
/** A pass that began before another network took the application may finish. */
const PASS_MS = 6 * 60_000;
const WEBAPP = /^(?<method>\w+) \/servers\/(?<serverId>\d+)\/webapps\/(?<appId>\d+)/;

/** One network of the deployment works on a web application at a time. */
export class ClaimWatch {
  readonly #world: Pick<World, 'ledger' | 'scheduler'>;

  constructor(world: Pick<World, 'ledger' | 'scheduler'>) {
    this.#world = world;
  }

  #isLive({ renewedAt }: ClaimItem): boolean {
    return renewedAt + FREE_AFTER_MS > this.#world.scheduler.now() + CLOCKS_AGREE_MS;
  }

  /** Its network has another application by now, and had the time to note this one. */
  #isLeft({ network, renewedAt }: ClaimItem, { item, network: app }: Key<Kind>): boolean {
    if (renewedAt > this.#world.scheduler.now() - PASS_MS) return false;
    const claim = this.#world.ledger.peek(networkKey(network))?.claim ?? null;
    if (claim === null) return false;
    const key = claimKey(claim.serverId, claim.appId);
    return claim.renewedAt === 0 || key.network !== app || key.item !== item;
  }

  at(key: Key<Kind>): ClaimItem | undefined {
    return key.kind === 'claim' ? this.#world.ledger.peek({ ...key, kind: 'claim' }) : undefined;
  }

  /** What is wrong with the write of a claim. */
  written({ name }: Actor, key: Key<Kind>, before: ClaimItem | undefined): string[] {
    const after = this.at(key);
    if (before === undefined || after === undefined || after.network === before.network) return [];
    return this.#isLive(before) && !this.#isLeft(before, key)
      ? [`${name} takes the application that ${before.network} has claimed`]
      : [];
  }

  /** What is wrong with a call to RunCloud. */
  called({ name }: Actor, op: string): string[] {
    const { method, serverId, appId } = WEBAPP.exec(op)?.groups ?? {};
    if (method === 'GET' || serverId === undefined || appId === undefined) return [];
    const claim = this.#world.ledger.peek(claimKey(serverId, appId));
    if (claim === undefined || claim.network === NETWORK || !this.#isLive(claim)) return [];
    return claim.renewedAt < this.#world.scheduler.now() - PASS_MS
      ? [`${name} ${op}, and ${claim.network} has claimed the application`]
      : [];
  }
}
