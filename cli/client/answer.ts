import type { z } from 'zod';
import { atStart } from '../target/at-start.ts';
import type { Relay } from '../target/relay.ts';
import { Refused, RelayUnusable } from './errors.ts';
import { problemSchema } from './schemas.ts';

const TOLERANCE_MS = 300_000;

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

/** What is wrong with this machine's clock, if that explains a refusal. */
function clockFault(response: Response, nowMs: number): string | undefined {
  const aheadMs = nowMs - Date.parse(response.headers.get('date') ?? '');
  if (!(Math.abs(aheadMs) > TOLERANCE_MS)) return undefined;
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  return `the clock of this machine is ${minutes} minutes ${aheadMs > 0 ? 'fast' : 'slow'}: set it`;
}

function unauthorized(
  { network, target }: Relay,
  used: string,
  response: Response,
  nowMs: number,
): RelayUnusable {
  const cause = clockFault(response, nowMs) ?? `check the name of the network and its ${used}`;
  return new RelayUnusable(`${atStart(target)} does not admit this call for network ${network}: ${cause}.`);
}

/** The body of a good answer. Throws what any other answer means; `used` is the key of the secret that admits. */
export async function bodyOf<T>(
  response: Response,
  schema: z.ZodType<T>,
  { relay, used, nowMs }: { readonly relay: Relay; readonly used: string; readonly nowMs: number },
): Promise<{ readonly parsed: T; readonly raw: unknown }> {
  const raw = await jsonOf(response);
  const { url } = relay.target;
  const label = atStart(relay.target);
  if (response.ok) {
    const parsed = schema.safeParse(raw);
    if (parsed.success) return { parsed: parsed.data, raw };
    throw new RelayUnusable(`${label} answers in another form than a relay does: check the address ${url}.`);
  }
  if (response.status === 401) throw unauthorized(relay, used, response, nowMs);
  const problem = problemSchema.safeParse(raw);
  const code = problem.success ? problem.data.type : `http-${response.status}`;
  if (response.status === 429 || response.status >= 500) {
    throw new RelayUnusable(
      `${label} cannot answer now (${code}): try again in a few minutes, or see its log.`,
    );
  }
  if (!problem.success) {
    throw new RelayUnusable(
      `${label} answers ${response.status}, as no relay does: check the address ${url}.`,
    );
  }
  const issues = problem.data.issues.map(({ path, message }) => `${path}: ${message}`);
  throw new Refused(code, issues.length > 0 ? issues.join('; ') : problem.data.detail);
}
