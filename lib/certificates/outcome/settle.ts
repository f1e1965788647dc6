import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import type { ItemUpdate } from '../../sync/ledger/updates/update.ts';
import { awaitsReply, type Readers, withOutcome } from '../../sync/ledger/work/owed-outcome.ts';
import { type PassEnd, type Settled, settleWork } from '../../sync/ledger/work/settle.ts';
import { byMessage } from '../next-message.ts';
import { nextState } from './next-state.ts';
import type { CertificateResult } from './result.ts';
import type { ResultContext } from './state.ts';

export interface CertificatePassEnd extends PassEnd, ResultContext {
  /** Set if the pass asked where `www.` points. */
  readonly wwwAskedAt: number | null;
  /** The pass has seen the name lead here. */
  readonly pointsHere: boolean;
  /** A name that no other outcome has. */
  readonly outcomeId: string;
  readonly readers: Readers;
  /** The pass may send the message of the next one. */
  readonly maySend: boolean;
}

/** Results that say nothing new of the certificate itself. */
const undecided: ReadonlySet<CertificateResult['kind']> = new Set([
  'held',
  'paused',
  'left',
  'later',
  'troubled',
]);

/** The multisite is told what becomes of a certificate in the end, and after a retry of its own whatever comes first. */
function isTold(ended: CertificateItem, { kind }: CertificateResult): boolean {
  if (ended.state === 'failed') return true;
  return !undecided.has(kind) && (ended.state === 'valid' || awaitsReply(ended));
}

export function settle(
  item: CertificateItem | undefined,
  pass: CertificatePassEnd,
): ItemUpdate<CertificateItem, Settled<CertificateItem>> {
  const { result, now, wwwAskedAt, pointsHere, outcomeId, readers, maySend, delays } = pass;
  return settleWork(
    item,
    pass,
    (stored) => ({
      wwwAskedAt: wwwAskedAt ?? stored.wwwAskedAt,
      pointedHereAt: pointsHere ? now : stored.pointedHereAt,
    }),
    (known) => {
      // Only here: after a move to another application no order is awaited.
      const orderedAt = result.kind === 'requested' ? result.orderedAt : known.orderedAt;
      const ended = { ...known, orderedAt, ...nextState({ ...known, crashes: 0 }, pass) };
      const told = isTold(ended, result)
        ? withOutcome(known, ended, { about: 'certificate', id: `msg_${outcomeId}`, now, readers })
        : ended;
      // A dead letter that could not be sent before does not wait for a pass that may be a day away.
      if (told.toSend.length > 0) return { ...told, sendAt: now };
      return maySend ? byMessage(told, now, delays) : told;
    },
  );
}
