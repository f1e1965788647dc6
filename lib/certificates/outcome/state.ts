import type { CertificateItem } from '../../sync/ledger/items/certificate-item.ts';
import { withEntry } from '../../sync/ledger/items/history.ts';
import { withState } from '../../sync/ledger/items/status.ts';
import type { Random } from '../../sync/ledger/ports.ts';
import type { CertificateState } from '../../sync/ledger/states.ts';
import { toInstant } from '../../sync/ledger/time.ts';
import type { CertificateDelays } from '../delays.ts';
import { isExpiring } from './backoff.ts';
import type { CertificateResult, ServedCertificate } from './result.ts';

export interface ResultContext {
  readonly result: CertificateResult;
  /** The certificate that the pass has seen served, whatever its result. */
  readonly shown: ServedCertificate | null;
  readonly now: number;
  readonly delays: CertificateDelays;
  readonly random: Random;
}

export type CertificatePatch = Partial<CertificateItem>;

export function due(dueAt: number): CertificatePatch {
  return { dueAt, sendAt: dueAt };
}

/** While a good certificate is served the state is `valid`, unless the request has failed or is closed. */
export function statePatch(
  item: CertificateItem,
  { shown, now }: ResultContext,
  state: CertificateState,
  reason: string | null,
  fix: string | null = null,
): CertificatePatch {
  const served = shown !== null && state !== 'failed' && state !== 'none';
  const next = served ? 'valid' : state;
  const why = served ? (isExpiring(shown, now) ? 'expiring' : null) : reason;
  const changed = next !== item.state || why !== item.reason;
  return {
    ...withState(item, next, why, now),
    fix,
    askedAt: next === 'valid' ? null : item.askedAt,
    history: changed ? withEntry(item.history, now, next, why ?? '') : item.history,
  };
}

export function shownPatch({ shown }: ResultContext): CertificatePatch {
  return shown === null
    ? {}
    : {
        notBefore: toInstant(shown.notBefore),
        notAfter: toInstant(shown.notAfter),
        via: shown.via,
      };
}
