import { listApps, listServers, ping, readApp, readServer } from './account.ts';
import { addDomain, deleteDomain, listDomains, patchMeta, readDns, readDomain } from './domains/domains.ts';
import { message, type Reply } from './http/replies.ts';
import type { Answering, AppVisit, DomainVisit, ServerVisit, Visit } from './http/visit.ts';
import { deleteSsl, installSsl, patchSsl, readSsl, redeploySsl } from './orders/ssl.ts';
import { onApp, onDomain, readMode, setMode } from './orders/ssl-places.ts';
import type { Server, Workspace, World } from './state/state.ts';

/** Finds what the path names and answers; `ids` are its numbers, in order. */
type Route = (visit: Visit, ids: readonly number[]) => Reply | Promise<Reply>;

function notFound(what: string): Reply {
  return message(404, `${what} not found.`);
}

/** Another workspace's server is forbidden; a server without an owner is unknown. */
function serverFor(world: World, workspace: Workspace, id: number | undefined): Server | Reply {
  const own = workspace.servers.find((server) => server.id === id);
  if (own !== undefined) return own;
  const foreign = world.workspaces.some(({ servers }) => servers.some((server) => server.id === id));
  return foreign ? message(403, 'This action is unauthorized.') : notFound('Server');
}

function ofServer(answering: Answering<ServerVisit>): Route {
  return (visit, [serverId, rest = 0]) => {
    const server = serverFor(visit.world, visit.workspace, serverId);
    return 'status' in server ? server : answering({ ...visit, server }, rest);
  };
}

function ofApp(answering: Answering<AppVisit>): Route {
  return (visit, [serverId, appId, rest = 0]) =>
    ofServer((at) => {
      const app = at.server.apps.find(({ id }) => id === appId);
      return app === undefined ? notFound('Web application') : answering({ ...at, app }, rest);
    })(visit, serverId === undefined ? [] : [serverId]);
}

function ofDomain(answering: Answering<DomainVisit>): Route {
  return (visit, [serverId = 0, appId = 0, domainId, rest = 0]) =>
    ofApp((at) => {
      const domain = at.app.domains.find(({ id }) => id === domainId);
      return domain === undefined ? notFound('Domain') : answering({ ...at, domain }, rest);
    })(visit, [serverId, appId]);
}

const app = '/servers/#/webapps/#';

const table: Readonly<Record<string, Readonly<Record<string, Route>>>> = {
  '/ping': { GET: ping },
  '/servers': { GET: listServers },
  '/servers/#': { GET: ofServer(readServer) },
  '/servers/#/webapps': { GET: ofServer(listApps) },
  [app]: { GET: ofApp(readApp) },
  [`${app}/domains`]: { GET: ofApp(listDomains), POST: ofApp(addDomain) },
  [`${app}/domains/#`]: { GET: ofDomain(readDomain), DELETE: ofDomain(deleteDomain) },
  [`${app}/domains/#/meta`]: { PATCH: ofDomain(patchMeta) },
  [`${app}/domains/#/dns`]: { GET: ofDomain(readDns) },
  [`${app}/domains/#/ssl`]: { GET: ofDomain(onDomain(readSsl)), POST: ofDomain(onDomain(installSsl)) },
  [`${app}/domains/#/ssl/#`]: {
    PUT: ofDomain(onDomain(redeploySsl)),
    PATCH: ofDomain(onDomain(patchSsl)),
    DELETE: ofDomain(onDomain(deleteSsl)),
  },
  [`${app}/ssl`]: { GET: ofApp(onApp(readSsl)), POST: ofApp(onApp(installSsl)) },
  [`${app}/ssl/advanced`]: { GET: ofApp(readMode), POST: ofApp(setMode) },
  [`${app}/ssl/#`]: {
    PUT: ofApp(onApp(redeploySsl)),
    PATCH: ofApp(onApp(patchSsl)),
    DELETE: ofApp(onApp(deleteSsl)),
  },
};

/** `path` lies below `/api/v3` or `/api/v2`. */
export function route(visit: Visit, method: string, path: string): Reply | Promise<Reply> {
  const ids: number[] = [];
  const pattern = path.replace(/\/(\d{1,15})(?=\/|$)/g, (_, id: string) => {
    ids.push(Number(id));
    return '/#';
  });
  const methods = table[pattern];
  if (methods === undefined) return notFound('Route');
  const answering = methods[method];
  if (answering !== undefined) return answering(visit, ids);
  const allow = Object.keys(methods).join(', ');
  return message(405, `The ${method} method is not supported for this route.`, { allow });
}
