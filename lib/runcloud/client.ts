import type { Credential } from '../settings/settings.ts';
import type { CallGuard } from '../sync/ledger/runcloud-ports.ts';
import { parseBaseUrl } from './base-url.ts';
import { type Body, readBody } from './body.ts';
import { basicToken, errorTextOf, secretsOf } from './error-text.ts';
import { RuncloudUnauthorized } from './errors.ts';
import { failureOf, transportFailure } from './failure.ts';
import { rateLimitOf } from './rate-limit.ts';

export interface RuncloudCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the API's root, each segment already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, number>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** RunCloud may hold the connection until the CA has answered. */
  readonly ordersCertificate?: boolean;
}

interface RuncloudTimeouts {
  /** Reads and writes of domains. */
  readonly standardMs: number;
  /** Writes that order a certificate. */
  readonly certificateMs: number;
}

export interface RuncloudClientOptions {
  readonly baseUrl: string;
  readonly credential: Credential;
  /** An error of `before` prevents the call; an error of `after` replaces the answer. */
  readonly guard?: CallGuard;
  readonly fetch?: typeof fetch;
  readonly timeouts?: Partial<RuncloudTimeouts>;
  readonly now?: () => number;
  /** A signal that aborts after that time; a simulation supplies its own. */
  readonly timeoutSignal?: (ms: number) => AbortSignal;
}

export interface RuncloudClient {
  readonly api: Credential['api'];
  /**
   * Makes one HTTP call, never repeated. Returns the parsed body of any 2xx, undefined if it is empty; the caller checks its
   * shape. Throws the classes of errors.ts, or an error of the guard.
   */
  request(call: RuncloudCall): Promise<unknown>;
}

/** As long as the slowest known client waits; RunCloud does not say whether it issues during the call. */
const usualTimeouts: RuncloudTimeouts = { standardMs: 30_000, certificateMs: 120_000 };

function authorization(credential: Credential): string {
  return credential.api === 'v3'
    ? `Bearer ${credential.token}`
    : `Basic ${basicToken(credential.key, credential.secret)}`;
}

function wordsOf(body: Body, secrets: readonly string[]): string | undefined {
  if (body.kind === 'json') return errorTextOf(body.json, secrets);
  return body.kind === 'text' ? errorTextOf(body.text, secrets) : undefined;
}

export function runcloudClient(options: RuncloudClientOptions): RuncloudClient {
  const { credential, guard, now = Date.now, timeoutSignal = AbortSignal.timeout } = options;
  const send = options.fetch ?? fetch;
  const timeouts = { ...usualTimeouts, ...options.timeouts };
  const root = `${parseBaseUrl(options.baseUrl)}/api/${credential.api}`;
  const secrets = secretsOf(credential);
  const authorizationHeader = authorization(credential);

  const exchange = async (call: RuncloudCall, signal: AbortSignal) => {
    const url = new URL(root + call.path);
    for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, String(value));
    const response = await send(url, {
      method: call.method,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        Authorization: authorizationHeader,
        // A kept socket dies unseen while the function is frozen; a write sent into it would count as unanswered.
        Connection: 'close',
      },
      ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
      // The token must not follow a redirect.
      redirect: 'manual',
      signal,
    });
    const limits = rateLimitOf(response.headers, now());
    return { status: response.status, limits, body: await readBody(response) };
  };

  return {
    api: credential.api,

    async request(call) {
      // Headers refuse other characters with a message that quotes them.
      if (!/^[\x20-\x7e]+$/.test(authorizationHeader)) {
        throw new RuncloudUnauthorized('The credential holds characters that cannot be sent', call);
      }
      await guard?.before();
      const signal = timeoutSignal(call.ordersCertificate ? timeouts.certificateMs : timeouts.standardMs);
      let answer: Awaited<ReturnType<typeof exchange>>;
      try {
        answer = await exchange(call, signal);
      } catch (cause) {
        await guard?.after({
          status: undefined,
          limit: undefined,
          remaining: undefined,
          retryAfterMs: undefined,
        });
        throw transportFailure(call, cause, signal.aborted);
      }
      const { status, limits, body } = answer;
      const said = wordsOf(body, secrets);
      await guard?.after({ status, ...limits, ...(said !== undefined && { said }) });
      const failure = failureOf(call, { status, body, retryAfterMs: limits.retryAfterMs, said });
      if (failure !== undefined) throw failure;
      return body.kind === 'json' ? body.json : undefined;
    },
  };
}
