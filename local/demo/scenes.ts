import type { Stack } from '../stack.ts';
import { keepBusy, untilTriedInVain } from './busy-runcloud.ts';
import type { Said } from './call.ts';
import type { SampleEvent } from './events.ts';
import { point, untilItWaitsForDns } from './world.ts';

export interface SceneSettings {
  readonly show: (line: string) => void;
  readonly patienceMs: number;
  readonly signal: AbortSignal;
  readonly look: () => Promise<void>;
}

/** Returns once the relay has met what is wrong and it has been put right. */
type Scene = (word: Said, settings: SceneSettings) => Promise<void>;

type SceneStack = Pick<Stack, 'ledger' | 'runcloud' | 'internet'>;

/**
 * Sets the world up for an event that is about to be sent. Returns what goes on once it was; undefined: nothing out of the
 * ordinary, or a world that is not ours to set up.
 */
export const setUp = (
  stack: SceneStack,
  { meanwhile }: Pick<SampleEvent, 'meanwhile'>,
  word: Said | undefined,
  show: (line: string) => void,
): Scene | undefined => {
  const { internet } = stack;
  if (internet === undefined || word === undefined) return undefined;
  const { domain } = word;
  switch (meanwhile) {
    case undefined:
      if (word.wanted === 'present') point(internet, domain, 'here');
      return undefined;
    case 'runcloud-busy': {
      point(internet, domain, 'here');
      const mend = keepBusy(stack, show);
      return async (of, settings) => {
        await untilTriedInVain(stack, of, settings);
        mend?.();
      };
    }
    case 'dns-elsewhere': {
      show(`  DNS says: ${point(internet, domain, 'elsewhere')}`);
      return async (of, settings) => {
        await untilItWaitsForDns(stack, of, settings);
        show(`  The owner changes DNS: ${point(internet, domain, 'here')}`);
      };
    }
  }
};
