import { allEnded } from '../all-ended.ts';
import type { Questions, Records } from './resolver.ts';

/** Where a name points. */
export interface Addresses {
  /** Each once, IPv4 first, sorted because resolvers shuffle them. */
  readonly addresses: readonly string[];
  /** Both questions, for IPv4 and for IPv6, were answered. */
  readonly complete: boolean;
  /** False: a resolver answered that there is no such name. */
  readonly exists: boolean;
}

function sorted(records: Records<string>): readonly string[] {
  return typeof records === 'string' ? [] : [...new Set(records)].sort();
}

export async function lookUp(questions: Questions, name: string): Promise<Addresses> {
  const both = await allEnded([questions.ipv4(name), questions.ipv6(name)]);
  return {
    addresses: both.flatMap(sorted),
    complete: !both.includes('unanswered'),
    exists: !both.includes('no-such-name'),
  };
}
