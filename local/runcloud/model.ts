import { systemClock } from '../../lib/clock.ts';
import type { Clock } from '../../lib/sync/ledger/ports.ts';
import { type Credentials, credentialsIn, fingerprint } from './http/caller.ts';
import { type Fault, faultList, type NoReply, scripted } from './http/faults.ts';
import { inputOf, withoutSecrets } from './http/input.ts';
import { lateCalls } from './http/late-calls.ts';
import type { Reply } from './http/replies.ts';
import { installedFor } from './orders/installed.ts';
import { deliverOrders, orderAutomatically } from './orders/orders.ts';
import { installByHand, type PanelSsl, uninstallByHand } from './orders/panel.ts';
import { type RuncloudRequest, requestHandler } from './request-handler.ts';
import type { RuncloudKeeper } from './state/kept.ts';
import { type DomainSeed, newDomain, newWorkspace, type WorkspaceSeed } from './state/seed.ts';
import { type App, allApps, type OrderEntry, type Ssl, type Workspace, type World } from './state/state.ts';
import { type Switches, usualSwitches } from './state/switches.ts';

/** What arrived, without the credential and without key material. */
interface ReceivedRequest {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly token: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface RuncloudOptions {
  readonly workspaces: readonly WorkspaceSeed[];
  readonly clock?: Clock;
  readonly switches?: Partial<Switches>;
  /** Whether a name reaches the server as the CA sees it. Default: every name does. */
  readonly resolves?: World['resolves'];
  /** Makes the certificate of an order; what it returns is kept as the certificate's `material`. */
  readonly issue?: World['issue'];
  /** Keeps what a restart must not lose. */
  readonly keeper?: RuncloudKeeper;
  /** How many requests, and how many orders, it remembers; left out: all. */
  readonly remembers?: number;
}

export interface RuncloudModel {
  readonly switches: Switches;
  readonly workspaces: Workspace[];
  /** How many requests it has received. */
  readonly received: () => number;
  /** The requests it remembers, in order. */
  readonly requests: readonly ReceivedRequest[];
  /** The orders sent to the CA that it remembers, in order. */
  readonly orders: readonly OrderEntry[];
  answer(request: RuncloudRequest): Promise<Reply | NoReply>;
  /** Returns the function that undoes it. */
  arm(fault: Fault): () => void;
  disarm(): void;
  /** Does now what faults have put off; returns how many calls those were. */
  land(): Promise<number>;
  /** The application of that id as it stands now; throws if there is none. */
  app(id: number): App;
  /** A domain added by hand in the panel. */
  addInPanel(appId: number, seed: DomainSeed): void;
  /** A certificate installed by hand in the panel, in place of what was there. No order is sent. */
  installInPanel(appId: number, ssl?: PanelSsl): Ssl;
  /** The certificate of a domain (advanced mode), or of the application, taken away by hand. */
  uninstallInPanel(appId: number, domain?: string): void;
  /** The certificate a visitor of that name is shown now; undefined: the server's default. */
  certificateFor(name: string): Promise<Ssl | undefined>;
}

/** RunCloud without sockets: requests in, replies out, time from outside. */
export function runcloudModel(options: RuncloudOptions): RuncloudModel {
  const { clock = systemClock, resolves = () => true, issue = () => undefined, keeper } = options;
  const { remembers = Number.POSITIVE_INFINITY } = options;
  let lastId = 1_000;
  const nextId = () => {
    lastId += 1;
    return lastId;
  };
  const born = { now: clock.now(), nextId };
  const world: World = {
    clock,
    resolves,
    issue,
    nextId,
    switches: { ...usualSwitches, ...options.switches },
    workspaces: options.workspaces.map((seed) => newWorkspace(seed, born)),
    orders: [],
  };
  lastId = keeper?.restore(world.workspaces, world.orders) ?? lastId;
  const handle = requestHandler(world);
  const faults = faultList();
  const requests: ReceivedRequest[] = [];
  const late = lateCalls();
  let received = 0;

  const keep = () => {
    keeper?.note(world.workspaces, lastId);
    for (const list of [requests, world.orders]) {
      if (list.length > remembers) list.splice(0, list.length - remembers);
    }
  };
  keep();

  /** Brings the world up to the present: late calls land in their order, certificates that are ready appear. */
  const catchUp = async (): Promise<void> => {
    await late.landDue(clock.now());
    deliverOrders(world);
    await orderAutomatically(world);
  };

  const suffer = async (fault: Fault, request: RuncloudRequest, credentials: Credentials | undefined) => {
    const { answer = 'own', does = answer === 'own' ? 'now' : 'never', delayMs } = fault;
    if (delayMs !== undefined) {
      await clock.sleep(delayMs);
      await catchUp();
    }
    if (answer === 'own') return handle(request, credentials);
    if (does === 'now') await handle(request, credentials);
    else if (does !== 'never') {
      const at = does === 'on-land' ? undefined : clock.now() + does.afterMs;
      late.put({ at, run: () => handle(request, credentials) });
    }
    return typeof answer === 'string' ? answer : scripted(answer);
  };

  return {
    switches: world.switches,
    workspaces: world.workspaces,
    received: () => received,
    requests,
    orders: world.orders,
    arm: faults.arm,
    disarm: faults.clear,

    async answer(request) {
      received += 1;
      await catchUp();
      const { method, path, query, headers } = request;
      const { authorization, ...others } = headers;
      const credentials = credentialsIn(authorization);
      const token = fingerprint(credentials);
      const input = withoutSecrets(inputOf(request.body) ?? {});
      requests.push({ at: clock.now(), method, path, query, token, headers: others, input });
      const fault = faults.next(method, path);
      const reply = await (fault === undefined
        ? handle(request, credentials)
        : suffer(fault, request, credentials));
      keep();
      return reply;
    },

    async land() {
      const landed = await late.landAll();
      keep();
      return landed;
    },

    app(id) {
      deliverOrders(world);
      const app = allApps(world).find((candidate) => candidate.id === id);
      if (app === undefined) throw new Error(`There is no web application ${id}`);
      return app;
    },

    addInPanel(appId, seed) {
      this.app(appId).domains.push(newDomain(seed, { now: clock.now(), nextId }));
      keep();
    },

    installInPanel(appId, ssl = {}) {
      const installed = installByHand(world, this.app(appId), ssl);
      keep();
      return installed;
    },

    uninstallInPanel(appId, domain) {
      uninstallByHand(this.app(appId), domain);
      keep();
    },

    async certificateFor(name) {
      await catchUp();
      keep();
      return installedFor(world, name);
    },
  };
}
