import type { App, Domain, DomainType, Redirection, Server, Workspace } from './state.ts';
import type { Switches } from './switches.ts';

export interface DomainSeed {
  readonly id?: number;
  readonly name: string;
  readonly type?: DomainType;
  readonly www?: boolean;
  /** Left out: as the panel offers it first, `www.` is redirected to the bare name. */
  readonly redirection?: Redirection;
  readonly wildcard?: boolean;
}

export interface AppSeed {
  readonly id: number;
  readonly name?: string;
  readonly type?: string;
  readonly defaultApp?: boolean;
  readonly alias?: number;
  readonly domains?: readonly DomainSeed[];
  readonly advancedSSL?: boolean;
  readonly autoSSL?: boolean;
}

export interface ServerSeed {
  readonly id: number;
  readonly name?: string;
  readonly ipAddress?: string;
  readonly online?: boolean;
  readonly apps?: readonly AppSeed[];
}

export interface WorkspaceSeed {
  readonly tokens?: readonly string[];
  readonly keys?: readonly { readonly key: string; readonly secret: string }[];
  readonly plan?: 'pro' | 'business';
  readonly apiEnabled?: boolean;
  readonly switches?: Partial<Switches>;
  readonly servers?: readonly ServerSeed[];
}

interface Birth {
  readonly now: number;
  readonly nextId: () => number;
}

export function newDomain(seed: DomainSeed, { now, nextId }: Birth): Domain {
  return {
    id: seed.id ?? nextId(),
    name: seed.name,
    type: seed.type ?? 'alias',
    www: seed.www ?? false,
    redirection: seed.redirection ?? (seed.www ? 'non-www' : 'none'),
    wildcard: seed.wildcard ?? false,
    createdAt: now,
    ssl: null,
    pending: null,
  };
}

function newApp(seed: AppSeed, birth: Birth): App {
  return {
    id: seed.id,
    name: seed.name ?? `app-${seed.id}`,
    type: seed.type ?? 'wordpress',
    defaultApp: seed.defaultApp ?? false,
    alias: seed.alias ?? null,
    domains: (seed.domains ?? []).map((domain) => newDomain(domain, birth)),
    mode: { advancedSSL: seed.advancedSSL ?? false, autoSSL: seed.autoSSL ?? false },
    createdAt: birth.now,
    ssl: null,
    pending: null,
  };
}

function newServer(seed: ServerSeed, birth: Birth): Server {
  return {
    id: seed.id,
    name: seed.name ?? `server-${seed.id}`,
    ipAddress: seed.ipAddress ?? '127.0.0.1',
    online: seed.online ?? true,
    apps: (seed.apps ?? []).map((app) => newApp(app, birth)),
    createdAt: birth.now,
  };
}

export function newWorkspace(seed: WorkspaceSeed, birth: Birth): Workspace {
  return {
    tokens: seed.tokens ?? [],
    keys: seed.keys ?? [],
    plan: seed.plan ?? 'business',
    apiEnabled: seed.apiEnabled ?? true,
    switches: { ...seed.switches },
    servers: (seed.servers ?? []).map((server) => newServer(server, birth)),
  };
}
