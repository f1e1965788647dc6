import { type CaaSetVerdict, caaSetVerdict } from './caa-set.ts';
import type { Questions } from './resolver.ts';

export interface CaaRefusal extends Omit<CaaSetVerdict, 'allowed'> {
  readonly kind: 'refused';
  /** Where the set was found: the name itself or one above it. */
  readonly zone: string;
  /** The name that `zone` is an alias of, which holds the set. */
  readonly alias: string | null;
}

export type CaaVerdict =
  | { readonly kind: 'allowed' }
  | CaaRefusal
  | { readonly kind: 'unanswered'; readonly zone: string };

/** The name and all names above it, without the root (RFC 8659, 3). */
function zonesOf(name: string): readonly string[] {
  const labels = name.split('.');
  return labels.map((_, index) => labels.slice(index).join('.'));
}

/** The set nearest to the name decides. A question without an answer decides too, because the CA would refuse. */
export async function askCaa(questions: Questions, name: string): Promise<CaaVerdict> {
  for (const zone of zonesOf(name)) {
    const set = await questions.caa(zone);
    if (set === 'unanswered') return { kind: 'unanswered', zone };
    if (set === 'no-such-name' || set.length === 0) continue;
    const { allowed, ...found } = caaSetVerdict(set);
    if (allowed) return { kind: 'allowed' };
    return { kind: 'refused', zone, alias: await questions.alias(zone), ...found };
  }
  return { kind: 'allowed' };
}
