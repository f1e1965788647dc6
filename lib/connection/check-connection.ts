import { allEnded } from '../all-ended.ts';
import type { RuncloudClient } from '../runcloud/client.ts';
import { listDomainsPage } from '../runcloud/domains-page.ts';
import { ping, readServer, readWebApp } from '../runcloud/server.ts';
import { readSslMode } from '../runcloud/ssl.ts';
import type { Drift } from '../sync/ledger/items/network-item.ts';
import { networkKey } from '../sync/ledger/keys.ts';
import type { Clock, Ledger } from '../sync/ledger/ports.ts';
import type { App } from '../sync/ledger/runcloud-ports.ts';
import { claimedUntil } from '../sync/network/claim.ts';
import { serverFinding, webAppFinding } from './app-findings.ts';
import { type Ask, asker } from './asker.ts';
import {
  type Check,
  type CheckName,
  checkNames,
  type Finding,
  failed,
  ok,
  passed,
  skipped,
} from './check.ts';
import { certificatesFinding, domainsFinding, wildcardFinding } from './hosted-findings.ts';
import { movedDomains } from './moved-domains.ts';
import { secretFinding, withPause } from './pause-findings.ts';
import { withSilence } from './silence-finding.ts';

export interface Connection {
  readonly network: string;
  readonly app: App;
  readonly protectedDomains: readonly string[];
  readonly paused: boolean;
}

export interface ConnectionServices {
  readonly ledger: Pick<Ledger, 'read' | 'page'>;
  readonly clock: Pick<Clock, 'now'>;
  /** A client for one step, with a timeout for all its calls. */
  readonly runcloud: () => RuncloudClient;
}

export interface ConnectionReport {
  /** True if nothing stops the relay's work. Warnings do not stop it. */
  readonly ok: boolean;
  readonly checks: readonly Check[];
}

/** The connection, and what the ledger knows of the network. */
interface KnownConnection extends Connection {
  readonly drift: Drift | null;
  /** When port 443 of the server stopped answering; null: it answers. */
  readonly silentSince: number | null;
}

type Findings = Readonly<Partial<Record<CheckName, Finding>>>;

function reportOf(findings: Findings): ConnectionReport {
  const checks = checkNames.map((name) => ({ name, ...(findings[name] ?? skipped(dependsOn[name])) }));
  return { ok: checks.every(passed), checks };
}

/**
 * No secret can belong to a network of that name: Secrets Manager takes names that the relay does not. Nothing but the
 * name is judged, so any caller may learn it.
 */
export function unnamableNetwork(): ConnectionReport {
  return reportOf({
    secret: failed(
      'The path does not hold the name of a network: that has 1 to 32 small letters, digits and hyphens',
      'Create the secret anew under such a name (…/shop-a instead of …/Shop_A), and use it in the address of the relay too',
    ),
  });
}

/** The check that must pass before each one is tried. */
const dependsOn: Readonly<Record<CheckName, CheckName>> = {
  secret: 'secret',
  token: 'secret',
  server: 'token',
  'web-app': 'server',
  domains: 'web-app',
  certificates: 'web-app',
  wildcard: 'domains',
};

/** Checks everything that the relay needs for a network, and says for each failure what is wrong and how to fix it. */
export async function checkConnection(
  connection: Connection,
  services: ConnectionServices,
): Promise<ConnectionReport> {
  const { ledger, runcloud } = services;
  const {
    pause = null,
    drift = null,
    silence = null,
  } = (await ledger.read(networkKey(connection.network)))?.item ?? {};
  const found = await tokenOn(
    asker(connection.app, runcloud),
    { ...connection, drift, silentSince: silence?.since ?? null },
    services,
  );
  const findings: Findings = {
    ...found,
    secret: secretFinding(connection.paused, pause),
    ...(found.token && { token: withPause(found.token, pause) }),
  };
  return reportOf(findings);
}

async function tokenOn(
  ask: Ask,
  connection: KnownConnection,
  services: ConnectionServices,
): Promise<Findings> {
  const answer = await ask('token', ping);
  if ('finding' in answer) return { token: answer.finding };
  return { token: ok('RunCloud accepts the credential'), ...(await serverOn(ask, connection, services)) };
}

async function serverOn(
  ask: Ask,
  connection: KnownConnection,
  services: ConnectionServices,
): Promise<Findings> {
  const answer = await ask('server', (client, { serverId }) => readServer(client, serverId));
  if ('finding' in answer) return { server: answer.finding };
  return {
    server: serverFinding(connection.app, answer.value),
    ...(await webAppOn(ask, connection, services)),
  };
}

async function webAppOn(
  ask: Ask,
  connection: KnownConnection,
  services: ConnectionServices,
): Promise<Findings> {
  const { network, app } = connection;
  const answer = await ask('web-app', readWebApp);
  if ('finding' in answer) return { 'web-app': answer.finding };
  const until = await claimedUntil(services.ledger, network, { app, now: services.clock.now() });
  const webApp = webAppFinding(app, answer.value, until);
  if (!passed(webApp)) return { 'web-app': webApp };
  return { 'web-app': webApp, ...(await hostedOn(ask, connection, services)) };
}

async function hostedOn(
  ask: Ask,
  { network, app, protectedDomains, drift, silentSince }: KnownConnection,
  { ledger }: ConnectionServices,
): Promise<Findings> {
  const [page, mode, moved] = await allEnded([
    ask('domains', (client) => listDomainsPage(client, app, 1)),
    ask('certificates', readSslMode),
    movedDomains(ledger, network, app),
  ]);
  const certificates =
    'finding' in mode
      ? mode.finding
      : withSilence(certificatesFinding(mode.value, 'finding' in page ? undefined : page.value), silentSince);
  if ('finding' in page) return { domains: page.finding, certificates };
  return {
    domains: domainsFinding(page.value, protectedDomains, { moved, drift }),
    certificates,
    wildcard: wildcardFinding(page.value),
  };
}
