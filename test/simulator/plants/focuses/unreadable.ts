import { QUIET } from '../../chance/surroundings.ts';
import type { Scenario } from '../../scenario.ts';
import { CALM, SHORT, UNDISTURBED } from './short-and-calm.ts';
import { addition, removal } from './updates.ts';

/** An item cannot be read for so long that its work would be given up if each wait for it counted as a crash. */
export const unreadableFocuses = {
  unreadableNetwork: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    leaseSeconds: 330,
    roughness: 0.1,
    updates: [addition(2, 0), addition(0, 40)],
    surroundings: { ...QUIET, unreadable: { kind: 'network', domain: 2, from: 20, lasts: 5 * 3_600 } },
  },
  /** Some outcomes are not taken in before. */
  unreadableDomain: {
    ...SHORT,
    ...CALM,
    ...UNDISTURBED,
    leaseSeconds: 330,
    roughness: 0.8,
    removalGraceMinutes: 0,
    updates: [addition(2, 0), removal(2, 60)],
    surroundings: { ...QUIET, unreadable: { kind: 'domain', domain: 2, from: 120, lasts: 5 * 3_600 } },
  },
} satisfies Readonly<Record<string, Partial<Scenario>>>;
