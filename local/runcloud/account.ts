import { listing } from './listing.ts';
import { dateText, message, ok, type Reply } from './replies.ts';
import type { App, Server } from './state.ts';
import type { AppVisit, ServerVisit, Visit } from './visit.ts';

const serverView = (server: Server) => ({
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
});

/** The pull keys are made to be found, should one ever turn up in a log. */
const appView = (app: App) => ({
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
});

export const ping = (): Reply => message(200, 'pong');

export const listServers = ({ workspace, query, world }: Visit): Reply =>
  listing(workspace.servers, serverView, query, world.switches);

export const readServer = ({ server }: ServerVisit): Reply => ok(serverView(server));

export const listApps = ({ server, query, world }: ServerVisit): Reply =>
  listing(server.apps, appView, query, world.switches);

export const readApp = ({ app }: AppVisit): Reply => ok(appView(app));
