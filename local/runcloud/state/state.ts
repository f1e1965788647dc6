import type { Clock } from '../../../lib/sync/ledger/ports.ts';
import type { LeafTerms, Material } from '../../world/ca/authority.ts';
import type { Switches } from './switches.ts';

export type DomainType = 'primary' | 'alias' | 'redirect';

export type Redirection = 'none' | 'www' | 'non-www';

export interface Ssl {
  readonly id: number;
  readonly method: 'letsencrypt' | 'custom' | 'csr';
  enableHttp: boolean;
  enableHsts: boolean;
  protocolId: number;
  readonly authorizationMethod: string | null;
  readonly staging: boolean;
  /** What the certificate covers; RunCloud does not tell. */
  names: readonly string[];
  validUntil: number;
  readonly createdAt: number;
  /** The certificate itself, for a TLS edge; undefined where no CA issues one. */
  readonly material: Material | undefined;
}

/** An order on its way: what it becomes, and when. */
interface PendingSsl {
  readonly ssl: Ssl;
  /** What the CA found; undefined: nothing will come of it. */
  readonly proven: readonly string[] | undefined;
  readonly readyAt: number;
  readonly entry: OrderEntry;
}

/** Whatever can have a certificate: an application in basic mode, a domain in advanced mode. */
export interface SslHolder {
  ssl: Ssl | null;
  pending: PendingSsl | null;
}

export interface Domain extends SslHolder {
  readonly id: number;
  readonly name: string;
  type: DomainType;
  www: boolean;
  redirection: Redirection;
  wildcard: boolean;
  readonly createdAt: number;
}

export interface App extends SslHolder {
  readonly id: number;
  readonly name: string;
  readonly type: string;
  readonly defaultApp: boolean;
  readonly alias: number | null;
  readonly domains: Domain[];
  mode: { advancedSSL: boolean; autoSSL: boolean };
  readonly createdAt: number;
}

export interface Server {
  readonly id: number;
  readonly name: string;
  readonly ipAddress: string;
  online: boolean;
  readonly apps: App[];
  readonly createdAt: number;
}

export interface Workspace {
  /** Of API v3, and of v2 as Bearer. */
  tokens: readonly string[];
  /** Of the legacy personal space: v2 only. */
  keys: readonly { readonly key: string; readonly secret: string }[];
  /** Advanced SSL needs `business`. */
  plan: 'pro' | 'business';
  apiEnabled: boolean;
  /** Positions of its own; elsewhere the shared ones hold. */
  readonly switches: Partial<Switches>;
  readonly servers: Server[];
}

/** One order sent to the CA. */
export interface OrderEntry {
  readonly at: number;
  /** Of the web application, also where it is for one of its domains. */
  readonly appId: number;
  readonly names: readonly string[];
  outcome: 'pending' | 'issued' | 'failed' | 'superseded';
}

export interface World {
  readonly clock: Clock;
  readonly switches: Switches;
  readonly workspaces: Workspace[];
  readonly orders: OrderEntry[];
  readonly resolves: (name: string, serverAddress: string) => boolean | Promise<boolean>;
  readonly issue: (order: LeafTerms) => Material | undefined;
  readonly nextId: () => number;
}

export function namesOf(domain: Domain): string[] {
  return [domain.name, ...(domain.www ? [`www.${domain.name}`] : [])];
}

export function allApps(world: Pick<World, 'workspaces'>): App[] {
  return world.workspaces.flatMap(({ servers }) => servers.flatMap(({ apps }) => apps));
}
