import { RuncloudNotFound, RuncloudRefused } from '../../../../lib/runcloud/errors.ts';
import type { App, HostedDomain } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { listing } from '../../../../local/runcloud/http/listing.ts';
import { json, message, ok, type Reply } from '../../../../local/runcloud/http/replies.ts';
import { type Switches, usualSwitches } from '../../../../local/runcloud/state/switches.ts';
import type { MemoryHosting } from '../../../doubles/hosting.ts';
import { SERVER } from '../certificates/internet.ts';
import type { Issuer } from '../certificates/issuer.ts';

/** A request as it stands below the API's root. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly input: Readonly<Record<string, unknown>>;
  readonly sentAt: number;
}

/** How this history's RunCloud shows its lists. */
export interface ListForm {
  readonly rowsPerPage: number;
  readonly meta: Switches['listMeta'];
}

/** One web application, as the API shows it. */
export interface Application {
  readonly app: App;
  readonly hosting: MemoryHosting;
  readonly issuer: Issuer | undefined;
}

/** Called with what a request is about to do, and with what it has seen. */
export interface Observer {
  readonly reads: () => void;
  /** Called with the number of rows up to the end of the page that was read. */
  readonly listed: (rows: number) => void;
  readonly changes: (name: string) => void;
  readonly removes: (row: HostedDomain) => void;
}

function shown({ id, name, type, www, redirection, wildcard }: HostedDomain) {
  return {
    id,
    name,
    type,
    www: Number(www),
    wildcard: Number(wildcard),
    redirection: redirection ?? 'none',
  };
}

function notFound(): Reply {
  return message(404, 'Not Found');
}

/** The resource, or nothing where RunCloud's documents show nothing. */
function installedReply(installed: { readonly id: number; readonly uploaded: boolean } | undefined): Reply {
  if (installed === undefined) return message(404, 'SSL not installed!');
  const { id, uploaded } = installed;
  return uploaded
    ? ok({ id, method: 'custom', authorizationMethod: null, staging: false })
    : ok({ id, method: 'letsencrypt', authorizationMethod: 'http-01', staging: false });
}

async function ssl(
  { method, sentAt }: Asked,
  issuer: Issuer,
  domainId: number | undefined,
  sslId: number | undefined,
): Promise<Reply> {
  const installed = () => installedReply(issuer.installed.get(domainId));
  if (method === 'GET' && sslId === undefined) return installed();
  const how = { POST: 'install', PUT: 'redeploy' } as const;
  if (method !== 'POST' && method !== 'PUT') return notFound();
  if (issuer.order(how[method], { sslId, domainId, sentAt }) === 'gone') return notFound();
  return json(200, {});
}

function mode({ mode: now }: Issuer): Reply {
  return now === 'unknown' ? ok({}) : ok({ advancedSSL: now === 'advanced', autoSSL: now === 'autossl' });
}

async function domains(request: Asked, { hosting }: Application, form: ListForm, observer: Observer) {
  const { method, query, input } = request;
  if (method === 'GET') {
    observer.reads();
    query.set('perPage', String(Math.min(Number(query.get('perPage') ?? 20), form.rowsPerPage)));
    const reply = listing([...hosting.rows.values()], shown, query, {
      ...usualSwitches,
      listMeta: form.meta,
    });
    observer.listed(Number(query.get('page') ?? 1) * Number(query.get('perPage')));
    return reply;
  }
  const { name, www } = input;
  if (method !== 'POST' || typeof name !== 'string') return notFound();
  observer.changes(name);
  const row = await hosting.add({ name, www: www === true });
  return row === undefined ? notFound() : ok(shown(row));
}

/** It is unknown whether RunCloud guards its primary domain (docs/external-systems.md, "Domains"): this one does not. */
function domain({ method }: Asked, { hosting }: Application, id: number, observer: Observer): Reply {
  const row = hosting.rows.get(id);
  if (method === 'GET') observer.reads();
  if (row === undefined) return notFound();
  if (method === 'GET') return ok(shown(row));
  if (method !== 'DELETE') return notFound();
  observer.changes(row.name);
  observer.removes(row);
  hosting.rows.delete(id);
  return ok(shown(row));
}

async function meta({ input }: Asked, { hosting }: Application, id: number, observer: Observer) {
  const row = hosting.rows.get(id);
  if (row !== undefined) observer.changes(row.name);
  return (await hosting.updateDomain(id, { www: input.www === true })) === 'updated'
    ? message(200, 'Updated.')
    : notFound();
}

const PATH = /^\/servers\/(\d+)(?:\/webapps\/(\d+)(\/.*))?$/;
const DOMAIN = /^\/domains\/(\d+)(\/meta|\/ssl(?:\/(\d+))?)?$/;
const SSL = /^\/ssl(?:\/(\d+))?$/;

async function route(
  request: Asked,
  rest: string,
  application: Application,
  form: ListForm,
  observer: Observer,
): Promise<Reply> {
  const { issuer } = application;
  if (rest === '/domains') return domains(request, application, form, observer);
  if (rest === '/ssl/advanced') return issuer === undefined ? notFound() : mode(issuer);
  const [whole, sslId] = SSL.exec(rest) ?? [];
  const idOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  if (whole !== undefined && issuer !== undefined) return ssl(request, issuer, undefined, idOf(sslId));
  const [found, id, part, ownSslId] = DOMAIN.exec(rest) ?? [];
  if (found === undefined) return notFound();
  if (part === undefined) return domain(request, application, Number(id), observer);
  if (part === '/meta') return meta(request, application, Number(id), observer);
  return issuer === undefined ? notFound() : ssl(request, issuer, Number(id), idOf(ownSslId));
}

/** The web application that a path names: those two, and none other. */
export function namedBy<A extends Pick<Application, 'app'>>(
  path: string,
  applications: readonly A[],
): A | undefined {
  const [, serverId, appId] = PATH.exec(path) ?? [];
  return applications.find(({ app }) => app.serverId === serverId && app.appId === appId);
}

/** RunCloud's HTTP over the twins: does what is asked of an application, and answers as the real one would. */
export async function runcloudAnswer(
  request: Asked,
  application: Application | undefined,
  form: ListForm,
  observer: Observer,
): Promise<Reply> {
  const [, serverId, appId, rest] = PATH.exec(request.path) ?? [];
  if (serverId !== undefined && appId === undefined) return ok({ id: Number(serverId), ipAddress: SERVER });
  if (application === undefined || rest === undefined) return notFound();
  try {
    return await route(request, rest, application, form, observer);
  } catch (error) {
    if (error instanceof RuncloudNotFound) return notFound();
    if (error instanceof RuncloudRefused) return message(422, error.said ?? 'Refused.');
    throw error;
  }
}
