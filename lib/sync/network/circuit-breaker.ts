import type { RelayError } from '../../errors.ts';
import type { DomainDelays } from '../ledger/delays.ts';
import { freshNetwork, isRestoredPause, type NetworkItem, type Pause } from '../ledger/items/network-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Clock, Ledger, Random } from '../ledger/ports.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';

/**
 * One pass per probe interval may call RunCloud while the network is paused. The winner moves the next probe. The pause of a
 * restored ledger has no probe: only an operator ends it.
 */
export function tryProbe(network: string, at: { readonly now: number; readonly probeMs: number }) {
  return (item: NetworkItem | undefined): ItemUpdate<NetworkItem, { won: boolean; pause: Pause | null }> => {
    const pause = item?.pause ?? null;
    if (item === undefined || pause === null) return { result: { won: true, pause: null } };
    if (isRestoredPause(pause))
      return { result: { won: false, pause: { ...pause, probeAt: at.now + at.probeMs } } };
    if (at.now < pause.probeAt) return { result: { won: false, pause } };
    const next = { ...pause, probeAt: at.now + at.probeMs };
    return { write: { ...freshNetwork(network), ...item, pause: next }, result: { won: true, pause: next } };
  };
}

/** The pause of one network, as one pass meets it. */
export interface CircuitBreaker {
  /** What keeps this pass from calling RunCloud; null: it may call. The first question takes the probe if that is due. */
  readonly closedBy: () => Promise<Pause | null>;
  /** The pause that this pass probes; null: the network is not paused, or no question was asked yet. */
  readonly probed: () => Pause | null;
}

export function circuitBreaker(
  network: string,
  stored: NetworkItem | undefined,
  s: { readonly ledger: Ledger; readonly clock: Pick<Clock, 'now'>; readonly probeMs: number },
): CircuitBreaker {
  let admitted = (stored?.pause ?? null) === null;
  let probed: Pause | null = null;
  const closedBy = async (): Promise<Pause | null> => {
    if (admitted) return null;
    const rule = tryProbe(network, { now: s.clock.now(), probeMs: s.probeMs });
    const { won, pause } = await updateItem(s.ledger, networkKey(network), rule);
    if (!won) return pause;
    admitted = true;
    probed = pause;
    return null;
  };
  return { closedBy, probed: () => probed };
}

/** Whether a failure is the whole network's, so that work which meets it during a pause waits with the network. */
export function isOfNetwork({ failure, code }: Pick<RelayError, 'failure' | 'code'>): boolean {
  return failure === 'network' || code === 'runcloud-rate-limited';
}

export interface PausedResult extends Pick<Pause, 'code' | 'message'> {
  readonly kind: 'paused';
  readonly until: number;
}

/** Waiting work returns at random times after the next probe is due, so that the same one is not always the probe. */
export function pausedResult(
  { code, message, probeAt }: Pause,
  random: Random,
  { probeSpreadMs }: Pick<DomainDelays, 'probeSpreadMs'>,
): PausedResult {
  return { kind: 'paused', until: probeAt + random() * probeSpreadMs, code, message };
}
