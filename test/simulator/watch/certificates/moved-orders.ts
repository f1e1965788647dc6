import type { CertificateFact } from '../../../../lib/certificates/services.ts';
import type { CertificateOrder } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { App, CertificateHosting, Networks } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { isSameApp } from '../../../../lib/sync/ledger/same-app.ts';
import type { Actor } from '../../chance/scheduler.ts';
import { NETWORK, type World } from '../../world/world.ts';

/** What has a log of orders: the whole application, or one domain. */
interface Ordered {
  readonly orders: readonly Pick<CertificateOrder, 'at'>[];
}

interface Recorded {
  readonly app: App;
  readonly at: number;
  /** The network had claimed another application when the order was put on record. */
  readonly left: boolean;
}

/** Orders belong to the application that they are made at, also while the network moves to another one. */
export class MovedOrders {
  readonly #world: Pick<World, 'ledger'>;
  readonly #broken: string[];
  /** The application that each worker's secret names. */
  readonly #apps = new WeakMap<Actor, App>();
  /** What each worker has last put on record for its whole application. */
  readonly #last = new WeakMap<Actor, Recorded>();
  readonly #recorded: Recorded[] = [];

  constructor(world: Pick<World, 'ledger'>, broken: string[]) {
    this.#world = world;
    this.#broken = broken;
  }

  /** The networks of one worker; it sees for which application it works, and when it orders for the whole of it. */
  watching({ access }: Networks, actor: Actor): Networks {
    return {
      access: async (network, options) => {
        const opened = await access(network, options);
        if (opened === undefined) return undefined;
        const { app, certificates } = opened;
        this.#apps.set(actor, app);
        return { ...opened, certificates: (guard) => this.#ordering(certificates(guard), actor) };
      },
    };
  }

  #ordering(hosting: CertificateHosting, actor: Actor): CertificateHosting {
    const note = (domainId: number | undefined): void => {
      if (domainId === undefined && this.#last.get(actor)?.left === true)
        this.#broken.push(`${actor.name} orders for an application that the network has left`);
    };
    return {
      ...hosting,
      install: (domainId) => {
        note(domainId);
        return hosting.install(domainId);
      },
      redeploy: (sslId, domainId) => {
        note(domainId);
        return hosting.redeploy(sslId, domainId);
      },
    };
  }

  /** A log of orders was written; `isWhole`: that of the application. */
  written(actor: Actor, before: Ordered | undefined, after: Ordered, isWhole: boolean): void {
    const app = this.#apps.get(actor);
    if (app === undefined) return;
    const known = new Set(before?.orders.map(({ at }) => at));
    const claim = this.#world.ledger.peek(networkKey(NETWORK))?.claim ?? null;
    for (const { at } of after.orders) {
      if (known.has(at)) continue;
      const recorded = { app, at, left: claim !== null && !isSameApp(claim, app) };
      this.#recorded.push(recorded);
      if (isWhole) this.#last.set(actor, recorded);
    }
  }

  /** A pass over a request has ended so. What another application was asked for brings no certificate here. */
  ended(actor: Actor, { result, settled }: CertificateFact & { kind: 'checked' }): void {
    const waits = result.kind === 'requested' || result.kind === 'unverified';
    if (settled.kind !== 'done' || !waits) return;
    const { domain, orderedAt } = settled.item;
    const app = this.#apps.get(actor);
    const made = this.#recorded.filter(({ at }) => at === orderedAt);
    if (app === undefined || made.length === 0 || made.some((one) => isSameApp(one.app, app))) return;
    this.#broken.push(`${actor.name} waits for an order for ${domain} that its application never had`);
  }
}
