import type { App, Domain, Server, Workspace, World } from '../state/state.ts';
import type { Reply } from './replies.ts';

/** A call that has passed the API handler: who calls, for what, with which input. */
export interface Visit {
  readonly world: World;
  readonly workspace: Workspace;
  readonly api: 'v2' | 'v3';
  readonly query: URLSearchParams;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ServerVisit extends Visit {
  readonly server: Server;
}

export interface AppVisit extends ServerVisit {
  readonly app: App;
}

export interface DomainVisit extends AppVisit {
  readonly domain: Domain;
}

export type Answering<V> = (visit: V, id: number) => Reply | Promise<Reply>;
