import type { ErrorCode, RelayError } from '../../errors.ts';
import { freshNetwork, isRestoredPause, type NetworkItem, type Pause } from '../ledger/items/network-item.ts';
import { networkKey } from '../ledger/keys.ts';
import type { Clock, Ledger } from '../ledger/ports.ts';
import type { App } from '../ledger/runcloud-ports.ts';
import { isSameApp } from '../ledger/same-app.ts';
import { toInstant } from '../ledger/time.ts';
import type { Followed } from '../ledger/updates/followed.ts';
import { type ItemUpdate, updateItem } from '../ledger/updates/update.ts';
import { type CallCount, noCalls } from './limits/rate-limit.ts';
import { withMoment } from './pause-moments.ts';
import { requeueDue } from './requeue-due.ts';
import type { Session } from './session.ts';
import { withToldCause } from './told-cause.ts';

/** What one pass means for its network. */
export type CallOutcome =
  /** RunCloud answered about this domain: whatever paused the network is over. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'failure'; readonly error: RelayError }
  /** Nothing about the network: the pass was held back, or had a passing failure of its own domain. */
  | { readonly kind: 'none' };

/** 403 and HTML may be about one name (a firewall's rule); a second name makes it the network's. */
export const SUSPICIOUS: ReadonlySet<ErrorCode> = new Set(['runcloud-forbidden', 'runcloud-blocked']);

/** What a pass records about its network, besides the outcome of its domain. */
export interface PassRecord {
  readonly network: string;
  readonly domain: string;
  /** The web application that was asked; undefined: none was. */
  readonly app: App | undefined;
  readonly callOutcome: CallOutcome;
  readonly calls: Readonly<CallCount>;
  /** A POST was refused since the name was there already / a POST succeeded. */
  readonly announcedAgain: boolean;
  readonly added: boolean;
  /** A listing showed two rows of one name. */
  readonly duplicated: boolean;
  readonly now: number;
  readonly probeMs: number;
}

export interface BreakerState {
  /** Set: the domain waits with its network. */
  readonly pause: Pause | null;
  /** Set when this pass paused or resumed the network. */
  readonly transition: 'paused' | 'resumed' | null;
}

/** Any other answer ends the run of 429s, also that of a read. A call without an answer says nothing about a quota. */
function limitedSinceAfter(item: NetworkItem, { callOutcome, now, calls }: PassRecord): number | null {
  const since = calls.answered > 0 || callOutcome.kind === 'answered' ? null : item.limitedSince;
  const limited = callOutcome.kind === 'failure' && callOutcome.error.code === 'runcloud-rate-limited';
  return limited ? (since ?? now) : since;
}

function pauseFor(item: NetworkItem, record: PassRecord): Pause | undefined {
  const { callOutcome, domain, now, probeMs } = record;
  // A pass that began before the restore was noticed neither ends that pause nor replaces it.
  if (callOutcome.kind !== 'failure' || isRestoredPause(item.pause)) return undefined;
  const { code, message, failure } = callOutcome.error;
  const since = item.pause?.since ?? toInstant(now);
  const pause = { code, message, since, probeAt: now + probeMs };
  if (failure === 'network' && !SUSPICIOUS.has(code)) return pause;
  const secondName = item.suspicion !== null && item.suspicion.domain !== domain;
  if (SUSPICIOUS.has(code) && (item.pause !== null || secondName)) return pause;
  const limitedForMs = now - (limitedSinceAfter(item, record) ?? now);
  if (code === 'runcloud-rate-limited' && limitedForMs >= probeMs) {
    const spent = 'RunCloud has answered nothing but 429 for long: the monthly quota of API calls is spent';
    return { ...pause, code: 'runcloud-quota-spent', message: spent };
  }
  return undefined;
}

function suspicionAfter(item: NetworkItem, { callOutcome, domain }: PassRecord): NetworkItem['suspicion'] {
  if (callOutcome.kind === 'answered') return null;
  if (callOutcome.kind !== 'failure' || !SUSPICIOUS.has(callOutcome.error.code)) return item.suspicion;
  return item.suspicion ?? { code: callOutcome.error.code, domain };
}

/** A POST refused only for its `www.` succeeds without it, so that refusal says nothing about a second row of the name. */
function refusesDuplicatesAfter(
  item: NetworkItem,
  { duplicated, added, announcedAgain }: PassRecord,
): boolean {
  return !duplicated && (item.refusesDuplicates || (announcedAgain && !added));
}

/** An outcome at an application that the network has left says nothing about the one it has now. */
function ofClaimedApp({ claim }: NetworkItem, record: PassRecord): PassRecord {
  const { app } = record;
  if (claim === null || app === undefined || isSameApp(claim, app)) return record;
  return { ...record, callOutcome: { kind: 'none' }, announcedAgain: false, added: false };
}

/** Readers are told of the beginning, another cause or the end of a pause. */
function withTurn(
  item: NetworkItem,
  begun: ReturnType<typeof withToldCause> | undefined,
  lifted: boolean,
  now: number,
): Partial<Pick<NetworkItem, 'toSend' | 'momentAt' | 'dueAt' | 'sendAt'>> {
  const { pause, dueAt, sendAt } = item;
  const turned = lifted ? pause : begun?.isNews ? begun.pause : null;
  if (turned === null) return {};
  return {
    ...withMoment(item, lifted ? 'network.resumed' : 'network.paused', turned, now),
    dueAt: Math.min(dueAt ?? now, now),
    sendAt: Math.min(sendAt ?? now, now),
  };
}

/**
 * Begins, keeps or lifts the pause of a pass's network. Only an answer about the domain itself
 * lifts a pause: a read may work with a token that may not write.
 */
export function recordOutcome(observed: PassRecord) {
  return (stored: NetworkItem | undefined): ItemUpdate<NetworkItem, BreakerState> => {
    const item = stored ?? freshNetwork(observed.network);
    const record = ofClaimedApp(item, observed);
    const failure = pauseFor(item, record);
    const begun = failure && withToldCause(item.pause, failure, record.now);
    const answered = record.callOutcome.kind === 'answered';
    const lifted = item.pause !== null && !isRestoredPause(item.pause) && answered;
    const pause = begun?.pause ?? (lifted ? null : item.pause);
    const next: NetworkItem = {
      ...item,
      pause,
      suspicion: suspicionAfter(item, record),
      limitedSince: limitedSinceAfter(item, record),
      readsFirst: record.added ? false : item.readsFirst || record.announcedAgain,
      refusesDuplicates: refusesDuplicatesAfter(item, record),
      singleRowsAt: record.duplicated ? null : item.singleRowsAt,
      ...(lifted ? requeueDue(item, 'resumed', record.now) : {}),
      ...withTurn(item, begun, lifted, record.now),
    };
    const transition = lifted ? 'resumed' : begun !== undefined && item.pause === null ? 'paused' : null;
    const same =
      begun === undefined &&
      !lifted &&
      next.suspicion === item.suspicion &&
      next.limitedSince === item.limitedSince &&
      next.readsFirst === item.readsFirst &&
      next.refusesDuplicates === item.refusesDuplicates &&
      next.singleRowsAt === item.singleRowsAt;
    return same ? { result: { pause, transition } } : { write: next, result: { pause, transition } };
  };
}

interface Pass extends Pick<PassRecord, 'network' | 'domain' | 'callOutcome'> {
  /** Undefined: the session could not be opened. */
  readonly session: Pick<Session, 'access' | 'calls'> | undefined;
  /** Left out: the pass wrote no domain, and listed none. */
  readonly seen?: Pick<PassRecord, 'announcedAgain' | 'added' | 'duplicated'>;
}

const NOTHING_SEEN = { announcedAgain: false, added: false, duplicated: false };

/** Records a pass on its network. Returns the pause that holds now. */
export async function recordPass(
  { session, seen = NOTHING_SEEN, ...pass }: Pass,
  s: {
    readonly ledger: Ledger;
    readonly clock: Pick<Clock, 'now'>;
    readonly probeMs: number;
    /** The network as this pass follows it. */
    readonly followed?: Followed<'network'>;
  },
): Promise<BreakerState> {
  const calls = session?.calls ?? noCalls();
  const app = calls.made > 0 ? session?.access.app : undefined;
  const { announcedAgain, added, duplicated } = seen;
  const now = s.clock.now();
  const record = { ...pass, announcedAgain, added, duplicated, calls, app, now, probeMs: s.probeMs };
  const rule = recordOutcome(record);
  const { followed } = s;
  if (followed === undefined) return updateItem(s.ledger, networkKey(pass.network), rule);
  // A failure is judged by what the network is now. Anything else that changes nothing since the pass read it needs no second read.
  const { write, result } = rule(followed.last());
  return write === undefined && pass.callOutcome.kind !== 'failure' ? result : followed.update(rule);
}
