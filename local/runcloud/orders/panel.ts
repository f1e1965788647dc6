import { selfSigned } from '../../world/ca/authority.ts';
import { type App, namesOf, type Ssl, type SslHolder, type World } from '../state/state.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** A certificate put in place by hand. What is left out is as if it had been ordered today. */
export interface PanelSsl {
  /** Whose certificate it is in advanced mode; left out: the application's. */
  readonly domain?: string;
  /** What it covers; left out: what it should. */
  readonly names?: readonly string[];
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly method?: Ssl['method'];
  /** Of Let's Encrypt; left out: http-01. */
  readonly authorizationMethod?: string;
  readonly staging?: boolean;
}

function holderOf(app: App, name: string | undefined): { holder: SslHolder; names: readonly string[] } {
  if (name === undefined) return { holder: app, names: app.domains.flatMap(namesOf) };
  const domain = app.domains.find((candidate) => candidate.name === name);
  if (domain === undefined) throw new Error(`Web application ${app.id} has no domain ${name}`);
  return { holder: domain, names: namesOf(domain) };
}

/** Installs a certificate past the API: no order is sent. */
export function installByHand(world: World, app: App, panel: PanelSsl): Ssl {
  const { holder, names: own } = holderOf(app, panel.domain);
  const now = world.clock.now();
  const { names = own, notBefore = now - dayMs, notAfter = now + 90 * dayMs } = panel;
  const { method = 'letsencrypt', authorizationMethod = 'http-01', staging = false } = panel;
  const terms = { names, notBefore, notAfter };
  const ssl: Ssl = {
    id: world.nextId(),
    method,
    enableHttp: true,
    enableHsts: false,
    protocolId: 2,
    authorizationMethod: method === 'letsencrypt' ? authorizationMethod : null,
    staging,
    names,
    validUntil: notAfter,
    createdAt: notBefore,
    // No browser trusts the staging environment.
    material: staging ? selfSigned(terms) : world.issue(terms),
  };
  holder.ssl = ssl;
  return ssl;
}

/** Takes a certificate away past the API, and forgets an order that is under way. */
export function uninstallByHand(app: App, domain: string | undefined): void {
  const { holder } = holderOf(app, domain);
  holder.ssl = null;
  holder.pending = null;
}
