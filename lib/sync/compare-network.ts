import { RelayError } from '../errors.ts';
import { change } from './change.ts';
import { ensureClaim, isSameApp } from './claim.ts';
import { compareLists } from './compare-lists.ts';
import type { Compared, ComparisonServices } from './comparison-call.ts';
import { HOUR_MS } from './daily.ts';
import { ensureAccess } from './ensure-access.ts';
import { NotBefore } from './errors.ts';
import { type NetworkItem, networkKey } from './items.ts';
import { leaveFootprint } from './network.ts';
import { pacedGate } from './pace.ts';

type Asked = Compared & { readonly resting: boolean };

const ask = async (
  item: NetworkItem,
  deadlineAt: number,
  counted: () => void,
  s: ComparisonServices,
): Promise<Asked> => {
  const { network, claim } = item;
  const now = s.clock.now();
  const putOff: Asked = { dueAt: now + HOUR_MS, begunAt: null, drift: null, error: null, resting: true };
  const access = await ensureAccess(s.networks, { network, claimed: claim, fresh: false, evenPaused: true });
  const moves = claim !== null && !isSameApp(claim, access.app);
  const rests = access.paused || item.pause !== null;
  if (rests && moves) return putOff;
  // Also for a network that rests: what it holds stays its own as long as its secret is there.
  await ensureClaim(s.ledger, item, { network, access, now });
  // A move is a walk over all domains; what they are to be compared with is yet to come.
  if (rests || moves) return putOff;
  const gate = pacedGate(s, access.credentialFingerprint, counted);
  return { ...(await compareLists(item, { access, gate, deadlineAt }, s)), resting: false };
};

/**
 * One call of a network's comparison: renews the claim, and unless the network rests compares as much as there is time
 * for. It neither pauses a network nor lifts a pause: it reads only, and nothing waits for it. Throws `Unavailable`,
 * and bugs.
 */
export const compareNetwork = async (
  item: NetworkItem,
  deadlineAt: number,
  s: ComparisonServices,
): Promise<Compared> => {
  const { network } = item;
  const begunAt = item.comparison?.begunAt ?? null;
  let calls = 0;
  const asked = async (): Promise<Asked> => {
    try {
      return await ask(item, deadlineAt, () => void calls++, s);
    } catch (error) {
      const none = { begunAt, drift: null, resting: false };
      if (error instanceof NotBefore) return { ...none, dueAt: error.until, error: null };
      if (error instanceof RelayError) return { ...none, dueAt: s.clock.now() + HOUR_MS, error };
      throw error;
    }
  };
  const compared = await asked();
  const footprint = leaveFootprint({
    network,
    domain: '',
    experience: { kind: 'none' },
    calls,
    announcedAgain: false,
    added: false,
    now: s.clock.now(),
    probeMs: s.waits.probeMs,
  });
  await change(s.ledger, networkKey(network), footprint);
  s.reportComparison({ network, calls, ...compared });
  return compared;
};
