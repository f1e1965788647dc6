import type { RuncloudClientOptions } from '../../../lib/runcloud/client.ts';
import { inputOf } from '../../../local/runcloud/http/input.ts';
import { html, message, type Reply } from '../../../local/runcloud/http/replies.ts';
import type { Scenario } from '../scenario.ts';
import type { Watch } from '../watch/watch.ts';
import { takesCall } from '../world/runcloud/rate-limited-runcloud.ts';
import { type Asked, namedBy, runcloudAnswer } from '../world/runcloud/runcloud-api.ts';
import { KEY_SECRET, START, type World } from '../world/world.ts';
import { DOMAINS } from './planned-updates.ts';
import { sufferedFrom } from './runcloud-faults.ts';
import type { Actor, Sent } from './scheduler.ts';

/** A write without an answer lands within the window that the rules watch (docs/rules.md, "Lost answers"). */
const LATEST_LANDING_MS = 10 * 60_000;

function socketError(code: string, syscall: string) {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }),
  });
}

function authorizationOf(token: string, { surroundings: { api } }: Scenario): string {
  return api === 'v3'
    ? `Bearer ${token}`
    : `Basic ${Buffer.from(`${token}:${KEY_SECRET}`).toString('base64')}`;
}

/** What RunCloud answers while the whole network fails. A token without rights may still read. */
function denialOf(
  { incident, token, scenario }: World,
  { method, path }: Asked,
  shown: string,
): Reply | undefined {
  if (incident === 'unauthorized' || shown !== authorizationOf(token.accepted, scenario))
    return message(401, 'Unauthenticated.');
  if (incident === 'quota') return message(429, 'Too Many Attempts.', { 'x-ratelimit-remaining': '0' });
  if (incident === 'blocked') return html(403, 'Attention required');
  if (incident === 'down') return message(503, 'Service Unavailable');
  if (incident === 'app-gone' && path.includes('/webapps/')) return message(404, 'Not Found');
  if (incident === 'forbidden' && method !== 'GET') return message(403, 'This action is unauthorized.');
  return undefined;
}

/** A name that RunCloud does not accept yet. */
function isRefused({ scenario, scheduler }: World, { method, input }: Asked): boolean {
  return (
    method === 'POST' &&
    scenario.refuses !== null &&
    input.name === DOMAINS[scenario.refuses.domain] &&
    scheduler.now() < START + scenario.refuses.until * 1_000
  );
}

const withoutBody = new Set([204, 205, 304]);

function responseOf({ status, headers, body }: Reply, { callsPerMinute }: Scenario): Response {
  return new Response(withoutBody.has(status) || body === '' ? null : body, {
    status,
    headers: { 'x-ratelimit-limit': String(callsPerMinute), ...headers },
  });
}

/**
 * The connection between one worker's RunCloud client and RunCloud: a call is a step of the schedule, and may fail in every
 * way an HTTP call can. A timer never wakes a killed worker: the end of a wait is a step too.
 */
export class RuncloudConnection {
  readonly #world: World;
  readonly #actor: Actor;
  readonly #watch: Watch;
  readonly #domain: string;
  readonly #open = new WeakMap<
    AbortSignal,
    { readonly controller: AbortController; readonly endsAt: number }
  >();

  constructor(world: World, actor: Actor, watch: Watch, domain: string) {
    this.#world = world;
    this.#actor = actor;
    this.#watch = watch;
    this.#domain = domain;
  }

  readonly timeoutSignal: NonNullable<RuncloudClientOptions['timeoutSignal']> = (ms) => {
    const controller = new AbortController();
    this.#open.set(controller.signal, { controller, endsAt: this.#world.scheduler.now() + ms });
    return controller.signal;
  };

  /** RunCloud carries the call out, even if the answer no longer reaches the caller. */
  async #answer(request: Asked): Promise<Reply> {
    const { runclouds, ssl, scenario } = this.#world;
    if (isRefused(this.#world, request)) return message(422, 'The name is not allowed.');
    const application = namedBy(request.path, runclouds);
    const at = application === runclouds[1] ? 1 : 0;
    const known = application && { ...application, issuer: ssl?.issuers[at] };
    return runcloudAnswer(request, known, scenario.lists, {
      listed: (rows) => {
        if (at === 0) this.#world.foreign.rowsRead(rows);
      },
      reads: () => this.#watch.promotion.rowsRead(this.#actor, this.#domain, at),
      changes: (name) => this.#watch.changed(at, name),
      removes: (row) => this.#watch.rowRemoved(this.#actor, this.#domain, row),
    });
  }

  /** A DELETE is about to be sent for a row that is there. */
  #removalBegins(path: string): void {
    const { rows } = namedBy(path, this.#world.runclouds)?.hosting ?? {};
    const row = rows?.get(Number(path.split('/').at(-1)));
    if (row !== undefined) this.#watch.removalBegins(this.#actor, row);
  }

  /** A PATCH is about to be sent for a row that serves its `www.`. */
  #wwwMayEnd({ path, input }: Pick<Asked, 'path' | 'input'>): void {
    const [, id] = /\/domains\/(\d+)\/meta$/.exec(path) ?? [];
    const row = namedBy(path, this.#world.runclouds)?.hosting.rows.get(Number(id));
    if (row?.www === true && row.type !== 'redirect' && input.www !== true)
      this.#watch.wwwEnds(this.#actor, row);
  }

  /** RunCloud takes its time. A write may land meanwhile, until the function that it returns is called. */
  async #worksOn(request: Asked, shown: string): Promise<() => void> {
    const { scheduler, scenario, surroundingsRandom } = this.#world;
    const { method, path } = request;
    const { runcloudMs } = scenario.surroundings.latency;
    if (runcloudMs === 0) return () => undefined;
    const landed = method === 'GET' ? () => undefined : this.#watch.promotion.writeFlies(this.#domain);
    const answersAt = scheduler.now() + surroundingsRandom.between(1, runcloudMs);
    const sent = this.#runningOn(request, shown, landed);
    await scheduler.step(this.#actor, `RunCloud works on ${method} ${path}`, answersAt, sent);
    return landed;
  }

  /** A write may arrive though its worker was killed. A read without its reader changes nothing. */
  #runningOn(request: Asked, shown: string, landed: () => void): Sent {
    const { scheduler, runcloudLimit } = this.#world;
    return (arrivesAt) => {
      if (arrivesAt === undefined || request.method === 'GET') return landed();
      scheduler.at(arrivesAt, () => {
        const denied = denialOf(this.#world, request, shown) !== undefined;
        if (denied || !takesCall(runcloudLimit, scheduler.now())) landed();
        else this.#land(request, landed);
      });
    };
  }

  /** The same before RunCloud has received it: what is sent is on its way from the kill on. */
  #sentAnyway(request: Omit<Asked, 'sentAt'>, shown: string): Sent {
    const { scheduler } = this.#world;
    return (arrivesAt) => {
      const landed = this.#watch.promotion.writeFlies(this.#domain);
      this.#runningOn({ ...request, sentAt: scheduler.now() }, shown, landed)(arrivesAt);
    };
  }

  #land(request: Asked, landed: () => void): void {
    const { scheduler } = this.#world;
    scheduler.note(`${this.#actor.name} ${request.method} ${request.path} lands`);
    this.#answer(request).then(landed, (error: unknown) => {
      scheduler.failure ??= error;
    });
  }

  #landLater(request: Asked): void {
    const { scheduler, random } = this.#world;
    const landed = this.#watch.promotion.writeFlies(this.#domain);
    const at = scheduler.now() + random.between(1, LATEST_LANDING_MS);
    scheduler.at(at, () => this.#land(request, landed));
  }

  async #ended(what: string, notBefore?: number): Promise<void> {
    await this.#world.scheduler.step(this.#actor, what, notBefore);
    this.#watch.callEnds(this.#actor);
  }

  async #givenUp(what: string, signal: AbortSignal): Promise<never> {
    const { scheduler } = this.#world;
    const open = this.#open.get(signal);
    await this.#ended(`waiting for ${what}`, Math.max(scheduler.now(), open?.endsAt ?? 0));
    open?.controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
    throw signal.reason;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const { scenario, scheduler, random, chances } = this.#world;
    const actor = this.#actor;
    const url = new URL(input instanceof Request ? input.url : input);
    const { method = 'GET', body, signal } = init ?? {};
    const root = `/api/${scenario.surroundings.api}`;
    if (!signal || !url.pathname.startsWith(root)) throw new TypeError('Not a call of the RunCloud client');
    const path = url.pathname.slice(root.length);
    const op = `${method} ${path}`;
    const sent = typeof body === 'string' ? inputOf(body) : undefined;
    const asked = { method, path, query: url.searchParams, input: sent ?? {} };
    const token = new Headers(init?.headers).get('authorization') ?? '';
    await scheduler.step(actor, `before ${op}`, undefined, this.#sentAnyway(asked, token));
    this.#world.runcloudCalls++;
    this.#watch.callBegins(actor, this.#domain, method, op);
    if (method === 'DELETE') this.#removalBegins(path);
    if (method === 'PATCH') this.#wwwMayEnd(asked);
    const request: Asked = { ...asked, sentAt: scheduler.now() };
    const landed = await this.#worksOn(request, token);
    const denial = denialOf(this.#world, request, token);
    if (denial !== undefined) {
      this.#watch.callDenied(actor, denial.status);
      landed();
      await this.#ended(`after ${op}`);
      return responseOf(denial, scenario);
    }
    if (!takesCall(this.#world.runcloudLimit, scheduler.now())) {
      landed();
      this.#watch.turnedAway();
      await this.#ended(`after ${op}`);
      return responseOf(message(429, 'Too Many Attempts.', { 'x-ratelimit-remaining': '0' }), scenario);
    }
    const write = method !== 'GET';
    const fault = random.chance(chances.probability) ? random.pick(chances.faults) : undefined;
    if (fault === undefined) {
      const reply = await this.#answer(request);
      landed();
      await this.#ended(`after ${op}`);
      return responseOf(reply, scenario);
    }
    const { does, replies } = sufferedFrom(fault, random, scheduler.now());
    const reply = typeof replies === 'string' ? replies : replies.status;
    scheduler.note(`${actor.name} ${op}: ${fault}, done ${does}, ${reply}`);
    if (does === 'now') await this.#answer(request);
    landed();
    if (does === 'later' && write) this.#landLater(request);
    if (replies === 'silence') {
      // Lambda stops the call that waits; what it sent lands all the same.
      if (does === 'later' && write && random.chance(chances.killedWaiting)) {
        await scheduler.die(actor, `waiting for ${op}`);
      }
      return this.#givenUp(op, signal);
    }
    await this.#ended(`after ${op}`);
    if (replies === 'reset') throw socketError('ECONNRESET', 'read');
    if (replies === 'unreachable') throw socketError('ECONNREFUSED', 'connect');
    return responseOf(replies, scenario);
  };
}
