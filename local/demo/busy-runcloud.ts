import { setTimeout as wait } from 'node:timers/promises';
import { domainKey } from '../../lib/sync/items.ts';
import type { Stack } from '../stack.ts';
import type { Said } from './call.ts';

const ATTEMPTS = 2;

/** Makes our own RunCloud turn calls away, and returns what ends that. Another RunCloud is left alone. */
export const keepBusy = (
  { runcloud }: Pick<Stack, 'runcloud'>,
  show: (line: string) => void,
): (() => void) | undefined => {
  if (runcloud === undefined) return undefined;
  const mend = runcloud.arm({
    path: /\/domains/,
    times: Number.POSITIVE_INFINITY,
    answer: { status: 429, body: { message: 'Too Many Attempts.' } },
  });
  show('  RunCloud turns every call away from now on (429)');
  return () => {
    mend();
    show('  RunCloud listens again');
  };
};

/** Waits until the relay has failed with a domain and tried again, so that both can be seen. */
export const untilTriedInVain = async (
  { ledger }: Pick<Stack, 'ledger'>,
  { network, domain }: Said,
  { patienceMs, signal, look }: { patienceMs: number; signal: AbortSignal; look: () => Promise<void> },
): Promise<void> => {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline && !signal.aborted) {
    await look();
    const stored = await ledger.read(domainKey(network, domain));
    if ((stored?.item.attempts ?? 0) >= ATTEMPTS) return;
    await wait(100);
  }
};
