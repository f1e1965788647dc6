import type { CaaRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** What a resolver says to a question. A name without such records is an answer, and so is a name that does not exist. */
export type Records<T> = readonly T[] | 'no-such-name' | 'unanswered';

/** The questions to be asked of a name; aliases are followed by the resolver. */
export interface Questions {
  ipv4(name: string): Promise<Records<string>>;
  ipv6(name: string): Promise<Records<string>>;
  caa(name: string): Promise<Records<CaaRecord>>;
  /** What the name is an alias of; null also where that is not known. */
  alias(name: string): Promise<string | null>;
}

/** The codes of c-ares that are answers, though Node throws them. */
const answers: ReadonlyMap<string, Records<never>> = new Map<string, Records<never>>([
  ['ENODATA', []],
  ['ENOTFOUND', 'no-such-name'],
  // Longer than DNS allows, as `www.` before a very long name: there can be no such name.
  ['EBADNAME', 'no-such-name'],
]);

/** The code of a failed question; undefined if something else went wrong. */
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
 * Lets `ask` put its questions to these resolvers (none: the system's), never to the hosts file. They end together
 * when the time is over: what has no answer by then, and what is asked later, is unanswered.
 */
export async function withResolver<T>(
  servers: readonly string[],
  timeoutMs: number,
  ask: (questions: Questions) => Promise<T>,
): Promise<T> {
  // A packet may get lost: each try waits about twice as long as the one before, so that all fit.
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
