import { z } from 'zod';
import { isSame, ofType, ref, routesOf, type Template } from '../template/template.ts';

const throttleSchema = z.object({
  ThrottlingBurstLimit: z.number().positive(),
  ThrottlingRateLimit: z.number().positive(),
  DetailedMetricsEnabled: z.literal(true),
});

const stageSchema = z.object({
  AccessLogSettings: z.object({ Format: z.string() }),
  DefaultRouteSettings: throttleSchema,
  RouteSettings: z.record(z.string(), throttleSchema),
});

/** Each route, and the function that answers it. */
export const routes: Readonly<Record<string, string>> = {
  'POST /{network}/domain-added': 'domain-added',
  'POST /{network}/hooks/{token}/domain-created': 'domain-added',
  'POST /{network}/domain-removed': 'domain-removed',
  'POST /{network}/ssl-retry': 'ssl-retry',
  'GET /{network}/domains': 'domain-status',
  'GET /{network}/domains/{domain}': 'domain-status',
  'GET /{network}/connection': 'connection',
};

/** A dashboard with a page for each of several networks asks for their connections at once. */
const DASHBOARD_CALLS = 20;

/** The bounds count all callers together, so that one who spends a route's leaves the others as they were. */
function boundFaults(bounds: Readonly<Record<string, z.infer<typeof throttleSchema>>>): string[] {
  const shared = Object.keys(routes).filter((key) => bounds[key] === undefined);
  const low = Object.entries(bounds).filter(([, bound]) => bound.ThrottlingBurstLimit < DASHBOARD_CALLS);
  return [
    ...shared.map((key) => `${key} shares its bound with other routes`),
    ...low.map(([key]) => `${key} is spent by one dashboard`),
  ];
}

function routeFaults(template: Template): string[] {
  const there = routesOf(template);
  const wrong = Object.entries(routes).filter(([key, name]) => !(there.get(key) ?? '').endsWith(`-${name}`));
  const unknown = [...there.keys()].filter((key) => routes[key] === undefined);
  return [
    ...wrong.map(([key, name]) => `${key} is not answered by ${name}`),
    ...unknown.map((key) => `${key} is a route that was not promised`),
  ];
}

/** A route must exist before its settings. */
function orderFaults(template: Template, told: readonly string[]): string[] {
  const before = template.Resources.HttpApiStage?.DependsOn ?? [];
  const ids = ofType(template, 'AWS::ApiGatewayV2::Route').flatMap(([id, { RouteKey }]) =>
    told.some((key) => isSame(key, RouteKey)) ? [id] : [],
  );
  const late = ids.filter((id) => !before.includes(id));
  return [
    ...(ids.length === told.length ? [] : ['settings are told of a route that is not there']),
    ...late.map((id) => `${id} may come after the settings that name it`),
  ];
}

/** Tokens are in paths and headers: none of these may be written down. */
const spoken = /\$context\.(path|authorizer|requestOverride)|\$request|\$stageVariables/;

export function apiFaults(template: Template): string[] {
  const stage = stageSchema.safeParse(template.Resources.HttpApiStage?.Properties);
  if (!stage.success) return [`the stage is not bounded and logged: ${z.prettifyError(stage.error)}`];
  const { AccessLogSettings, RouteSettings } = stage.data;
  const permitted = ofType(template, 'AWS::Lambda::Permission').every(
    ([, { SourceArn }]) =>
      JSON.stringify(SourceArn ?? '').includes(JSON.stringify(ref('HttpApi'))) ||
      JSON.stringify(SourceArn ?? '').includes('EventsRule'),
  );
  return [
    ...routeFaults(template),
    ...boundFaults(RouteSettings),
    ...orderFaults(template, Object.keys(RouteSettings)),
    ...(AccessLogSettings.Format.includes('$context.routeKey')
      ? []
      : ['the access log does not name the route']),
    ...(AccessLogSettings.Format.includes('"$context.identity.sourceIp"')
      ? []
      : ['the access log does not name the caller']),
    ...(spoken.test(AccessLogSettings.Format) ? ['the access log tells what was sent'] : []),
    ...(permitted ? [] : ['a function may be called by what is not ours']),
  ];
}
