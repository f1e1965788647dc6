import type { RuncloudServer, RuncloudWebApp } from '../runcloud/server.ts';
import type { App } from '../sync/ledger/runcloud-ports.ts';
import { toInstant } from '../sync/ledger/time.ts';
import { type Finding, failed, ok, remarked, warning } from './check.ts';

function called(name: string | undefined): string {
  return name === undefined ? '' : ` (${name})`;
}

export function serverFinding(
  { serverId }: App,
  { name, ipAddress, online, connected }: RuncloudServer,
): Finding {
  const at = ipAddress === undefined ? '' : ` at ${ipAddress}`;
  const there = `Server ${serverId}${called(name)}${at} is there`;
  if (online !== false && connected !== false) return ok(there);
  return warning(
    `${there}, but RunCloud sees it ${online === false ? 'offline' : 'disconnected'}: what it is told takes no effect yet`,
    'See that the server runs and that its RunCloud agent can reach RunCloud',
  );
}

/** `claimedUntil`: another network of this deployment holds the application until then. */
export function webAppFinding(
  { serverId, appId }: App,
  { name, type }: RuncloudWebApp,
  claimedUntil: number | undefined,
): Finding {
  const there = `Web application ${appId} (${name}) is there`;
  if (claimedUntil !== undefined) {
    return failed(
      `${there}, but another network of this deployment manages it (app-claimed): nothing is written for this one`,
      `Give each network a web application of its own. If the other network is given up, remove its secret: server ${serverId}, web application ${appId} is free ${toInstant(claimedUntil)} unless claimed again`,
    );
  }
  if (type === undefined || type === 'wordpress') return ok(there);
  return remarked(there, [
    warning(
      `RunCloud calls it "${type}", not "wordpress"`,
      'See that WU_RUNCLOUD_APP_ID is the web application of the multisite; a WordPress installed by hand is fine',
    ),
  ]);
}
