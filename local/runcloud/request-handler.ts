import { type Credentials, enter, fingerprint, worldFor } from './http/caller.ts';
import { inShape } from './http/error-shape.ts';
import { inputOf } from './http/input.ts';
import { callLimits } from './http/limits.ts';
import { message, type Reply } from './http/replies.ts';
import { route } from './routes.ts';
import type { World } from './state/state.ts';

export interface RuncloudRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers a request by itself: limits first, then what it asks for, in the shape of errors that the switches say. */
export function requestHandler(
  world: World,
): (request: RuncloudRequest, credentials: Credentials | undefined) => Promise<Reply> {
  const limits = callLimits(world);

  const perform = async (met: World, request: RuncloudRequest, credentials: Credentials | undefined) => {
    const [, api, path] = /^\/api\/(v[23])(\/.*)$/.exec(request.path) ?? [];
    if ((api !== 'v2' && api !== 'v3') || path === undefined) return message(404, 'Route not found.');
    const workspace = enter(met, api, credentials);
    if ('status' in workspace) return workspace;
    const spent = limits.spend(workspace, met.switches);
    if (spent !== undefined) return spent;
    const input = inputOf(request.body);
    if (input === undefined) return message(400, 'The request body is not valid JSON.');
    const query = new URLSearchParams(request.query);
    return route({ world: met, workspace, api, query, input }, request.method, path);
  };

  return async (request, credentials) => {
    const met = worldFor(world, credentials);
    const { headers, refusal } = limits.count(fingerprint(credentials) ?? 'nobody', met.switches);
    const reply = inShape(refusal ?? (await perform(met, request, credentials)), met.switches.errorShape);
    return { ...reply, headers: { ...headers, ...reply.headers } };
  };
}
