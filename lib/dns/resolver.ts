import type { CaaRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** A resolver's answer. "No such records" and "no such name" are answers too. */
export type Records<T> = readonly T[] | 'no-such-name' | 'unanswered';

/** DNS questions about a name. The resolver follows aliases. */
export interface Questions {
  ipv4(name: string): Promise<Records<string>>;
  ipv6(name: string): Promise<Records<string>>;
  caa(name: string): Promise<Records<CaaRecord>>;
  /** The name that this one is an alias of; null if there is none, or no answer. */
  alias(name: string): Promise<string | null>;
}

/** Codes of c-ares that are answers, although Node throws them. */
const answers: ReadonlyMap<string, Records<never>> = new Map<string, Records<never>>([
  ['ENODATA', []],
  ['ENOTFOUND', 'no-such-name'],
  // Longer than DNS allows, for example `www.` before a very long name: such a name cannot exist.
  ['EBADNAME', 'no-such-name'],
]);

/** The code of a failed question; undefined for any other error. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error) || !('syscall' in error)) return;
  const { code, syscall } = error;
  return typeof code === 'string' && String(syscall).startsWith('query') ? code : undefined;
}

async function answered<T>(question: Promise<readonly T[]>): Promise<Records<T>> {
  try {
    return await question;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return answers.get(code) ?? 'unanswered';
  }
}

/**
 * Lets `ask` put its questions to these resolvers (none: the system's), never to the hosts file. At the timeout all
 * open questions end. They and all later ones count as unanswered.
 */
export async function withResolver<T>(
  servers: readonly string[],
  timeoutMs: number,
  ask: (questions: Questions) => Promise<T>,
): Promise<T> {
  // A packet may get lost, so there are three tries. Each waits about twice as long as the one before.
  const resolver = new Resolver({ timeout: Math.ceil(timeoutMs / 6), tries: 3 });
  if (servers.length > 0) resolver.setServers(servers);
  let over = false;
  const timer = setTimeout(() => {
    over = true;
    resolver.cancel();
  }, timeoutMs);
  const inTime = async <R>(question: () => Promise<readonly R[]>): Promise<Records<R>> =>
    over ? 'unanswered' : answered(question());
  try {
    return await ask({
      ipv4: (name) => inTime(() => resolver.resolve4(name)),
      ipv6: (name) => inTime(() => resolver.resolve6(name)),
      caa: (name) => inTime(() => resolver.resolveCaa(name)),
      alias: async (name) => {
        const targets = await inTime(() => resolver.resolveCname(name));
        return typeof targets === 'string' ? null : (targets[0] ?? null);
      },
    });
  } finally {
    clearTimeout(timer);
    resolver.cancel();
  }
}
