import { Interrupted } from '../errors.ts';
import type { Io } from '../io.ts';
import { atStart } from '../target/at-start.ts';
import type { Target } from '../target/target.ts';
import { RelayUnusable } from './errors.ts';

export interface RelayCall {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: () => Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Longer than the relay's own limit of 30 s. */
const TIMEOUT_MS = 35_000;
const TRIES = 6;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** 429 of the gateway, 503 of the relay: a repeat is safe, and every call here may be repeated. */
function isTemporary({ status }: Response): boolean {
  return status === 429 || status >= 500;
}

function delayMs(attempt: number, response: Response | undefined): number {
  const asked = Number(response?.headers.get('retry-after') ?? 0) * 1_000;
  const growing = FIRST_DELAY_MS * 2 ** attempt * (0.75 + Math.random() / 2);
  return Math.min(LONGEST_DELAY_MS, Math.max(Number.isFinite(asked) ? asked : 0, growing));
}

async function once({ url }: Target, call: RelayCall, signal: AbortSignal): Promise<Response | Error> {
  const { path, method = 'GET', body } = call;
  const headers = call.headers();
  try {
    return await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
  } catch (error) {
    if (signal.aborted) throw new Interrupted();
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Calls the relay, and again while it answers that it cannot now. Throws `RelayUnusable` where nothing answers. */
export async function callRelay(
  target: Target,
  call: RelayCall,
  io: Pick<Io, 'signal' | 'sleep'>,
): Promise<Response> {
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once(target, call, io.signal);
    const response = answer instanceof Error ? undefined : answer;
    if (response !== undefined && !isTemporary(response)) return response;
    if (response !== undefined && attempt + 1 >= TRIES) return response;
    // Without any answer the address is usually wrong: a second try is enough to know.
    if (answer instanceof Error && attempt > 0) {
      throw new RelayUnusable(
        `${atStart(target)}${target.label === target.url ? '' : ` (${target.url})`} does not answer: check that it runs and that this machine reaches it.`,
        {
          cause: answer,
        },
      );
    }
    await response?.body?.cancel();
    await io.sleep(delayMs(attempt, response));
    if (io.signal.aborted) throw new Interrupted();
  }
}
