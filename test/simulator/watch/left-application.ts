import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { HostedDomain } from '../../../lib/sync/ledger/runcloud-ports.ts';
import type { Actor } from '../chance/scheduler.ts';
import { missesMove } from '../world/incidents/item-faults.ts';
import type { World } from '../world/world.ts';

const WEBAPP = /\/webapps\/(?<appId>\d+)/;

/** A result counts only for the application that is still claimed when it is written. */
export class LeftApplication {
  readonly #world: Pick<World, 'ended'>;
  /** The application that the pass of each actor asked last. */
  readonly #asked = new Map<Actor, string>();

  constructor(world: Pick<World, 'ended'>) {
    this.#world = world;
  }

  called(actor: Actor, op: string): void {
    const { appId } = WEBAPP.exec(op)?.groups ?? {};
    if (appId !== undefined) this.#asked.set(actor, appId);
  }

  /** `claimed`: the application that the network has when the item is written. */
  written(
    actor: Actor,
    before: DomainItem | undefined,
    { domain, owner, dueAt }: DomainItem,
    claimed: string | undefined,
  ): void {
    if (owner !== null && owner !== before?.owner) this.#asked.delete(actor);
    const settled = before?.owner?.startsWith(`${actor.name}.`) === true && owner === null && dueAt === null;
    if (settled) this.#world.ended.set(domain, { claimed, asked: this.#asked.get(actor) });
  }
}

/** The last result of the domain is one of an application that the network had left. */
export function isOfLeftApplication({ ended, scenario }: World, domain: string): boolean {
  const { claimed, asked } = ended.get(domain) ?? {};
  return asked !== undefined && claimed !== undefined && asked !== claimed && missesMove(scenario) !== domain;
}

/** The row was there before, and the removal of its name was settled before the network came: then nothing removes it. */
export function isFromBeforeMove({ ended, runclouds, current, scenario }: World, row: HostedDomain): boolean {
  const { app, first } = runclouds[current];
  const isSettledHere = ended.get(row.name)?.claimed === app.appId;
  return current === 1 && first.has(row.id) && (!isSettledHere || missesMove(scenario) === row.name);
}
