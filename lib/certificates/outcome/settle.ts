import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import { type PassEnd, type Settled, settleWork } from '../../sync/ledger/settle.ts';
import type { ItemUpdate } from '../../sync/ledger/update.ts';
import { nextState } from './next-state.ts';
import type { ResultContext } from './state.ts';

export interface CertificatePassEnd extends PassEnd, ResultContext {
  /** Set if the pass asked where `www.` points. */
  readonly wwwAskedAt: number | null;
  /** The pass has seen the name lead here. */
  readonly pointsHere: boolean;
}

export function settle(
  item: CertificateItem | undefined,
  pass: CertificatePassEnd,
): ItemUpdate<CertificateItem, Settled<CertificateItem>> {
  const { result, now, wwwAskedAt, pointsHere } = pass;
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
      // A dead letter that could not be sent before does not wait for a pass that may be a day away.
      return ended.toSend.length > 0 ? { ...ended, sendAt: now } : ended;
    },
  );
}
