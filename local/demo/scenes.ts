import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import type { Stack } from '../stack.ts';
import { keepBusy } from './busy-runcloud.ts';
import type { Said } from './call.ts';
import type { SampleEvent } from './events.ts';
import { isSettled } from './settled.ts';
import { type DueCertificates, until } from './until.ts';
import { point } from './world.ts';

/** How many calls a busy RunCloud refuses: the second one shows that the relay tried again. */
const ATTEMPTS_IN_VAIN = 2;

/** Returns once the relay has met the fault and the fault is over. */
type Scene = (waiting: DueCertificates) => Promise<void>;

type SceneStack = Pick<Stack, 'ledger' | 'runcloud' | 'internet'>;

/**
 * Sets the world up for an event that is about to be sent. Returns what continues after it; undefined: nothing out of the
 * ordinary, or a world that is not ours to set up.
 */
export function setUp(
  stack: SceneStack,
  { meanwhile }: Pick<SampleEvent, 'meanwhile'>,
  update: Said | undefined,
  show: (line: string) => void,
): Scene | undefined {
  const { internet } = stack;
  if (internet === undefined || update === undefined) return undefined;
  const { network, domain } = update;
  const hosting = async () => (await stack.ledger.read(domainKey(network, domain)))?.item;
  const certificate = async () => (await stack.ledger.read(certificateKey(network, domain)))?.item;
  switch (meanwhile) {
    case undefined:
      if (update.wanted === 'present') point(internet, domain, 'here');
      return undefined;
    case 'runcloud-busy': {
      point(internet, domain, 'here');
      const updateDomain = keepBusy(stack, show);
      return async (waiting) => {
        await until(async () => {
          const { attempts = 0, state } = (await hosting()) ?? {};
          // A paused network counts no attempts.
          return attempts >= ATTEMPTS_IN_VAIN || state === 'paused' || isSettled(stack, update);
        }, waiting);
        updateDomain?.();
      };
    }
    case 'dns-elsewhere': {
      show(`  DNS says: ${point(internet, domain, 'elsewhere')}`);
      return async (waiting) => {
        await until(
          async () => (await certificate())?.state === 'waiting-dns' || isSettled(stack, update),
          waiting,
        );
        show(`  The owner changes DNS: ${point(internet, domain, 'here')}`);
      };
    }
  }
}
