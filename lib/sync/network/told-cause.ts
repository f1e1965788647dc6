import type { Pause } from '../ledger/items/network-item.ts';

type ToldCause = NonNullable<Pause['told']>;

/** A pause of a version that noted no cause was told as it began. */
function toldOf({ told, code, message, since }: Pause): ToldCause {
  return told ?? { code, message, at: Date.parse(since) };
}

/** RunCloud's words differ from call to call, the relay's own name what is to be corrected. */
function isSameCause(a: Pick<Pause, 'code' | 'message'>, b: Pick<Pause, 'code' | 'message'>): boolean {
  return a.code === b.code && (a.code.startsWith('runcloud-') || a.message === b.message);
}

/**
 * A pause that a failure begins, or finds another cause of, with the cause that its readers are told. `isNews`: they are told now. The
 * second cause is told at once, and further ones with growing distances: two that take turns would be a mail with every probe.
 */
export function withToldCause(
  before: Pause | null,
  pause: Pause,
  now: number,
): { readonly pause: Pause; readonly isNews: boolean } {
  if (before === null) return { pause, isNews: true };
  const { code, message, since } = pause;
  const told = toldOf(before);
  if (isSameCause(told, pause))
    return { pause: before.told === undefined ? pause : { ...pause, told: before.told }, isNews: false };
  const isEarly = now - told.at < told.at - Date.parse(since);
  return { pause: { ...pause, told: isEarly ? told : { code, message, at: now } }, isNews: !isEarly };
}
