import { listing } from './http/listing.ts';
import { dateText, message, ok, type Reply } from './http/replies.ts';
import type { AppVisit, ServerVisit, Visit } from './http/visit.ts';
import type { App, Server } from './state/state.ts';

function serverView(server: Server) {
  return {
    id: server.id,
    name: server.name,
    provider: 'hetzner',
    stack: 'nginx',
    ipAddress: server.ipAddress,
    country_iso_code: 'DE',
    os: 'Ubuntu',
    osVersion: 'jammy',
    connected: server.online,
    online: server.online,
    agentVersion: '2.9.0',
    phpCLIVersion: 'php83rc',
    softwareUpdate: false,
    securityUpdate: true,
    transferStatus: 'AVAILABLE',
    created_at: dateText(server.createdAt),
    tags: [],
  };
}

/** The pull keys are made to be found, should one ever turn up in a log. */
function appView(app: App) {
  return {
    id: app.id,
    server_user_id: 55,
    name: app.name,
    rootPath: `/home/app/webapps/${app.name}`,
    publicPath: `/home/app/webapps/${app.name}`,
    phpVersion: 'php83rc',
    stack: 'hybrid',
    stackMode: 'production',
    type: app.type,
    defaultApp: app.defaultApp,
    alias: app.alias,
    pullKey1: `pull-key-one-of-${app.id}`,
    pullKey2: `pull-key-two-of-${app.id}`,
    created_at: dateText(app.createdAt),
  };
}

export function ping(): Reply {
  return message(200, 'pong');
}

export function listServers({ workspace, query, world }: Visit): Reply {
  return listing(workspace.servers, serverView, query, world.switches);
}

export function readServer({ server }: ServerVisit): Reply {
  return ok(serverView(server));
}

export function listApps({ server, query, world }: ServerVisit): Reply {
  return listing(server.apps, appView, query, world.switches);
}

export function readApp({ app }: AppVisit): Reply {
  return ok(appView(app));
}
