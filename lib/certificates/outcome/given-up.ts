import { RepeatedCrash } from '../../sync/ledger/errors.ts';
import type { CertificateFindings } from '../leases.ts';

const FIX = 'Look at the logs of secure-domains; the relay looks again daily, and at once after an ssl_retry';

/** After so many looks in a row that ended without an outcome, a look does nothing but say so. */
export const MOST_CRASHES = 5;

export function givenUp(): CertificateFindings {
  const { code, message } = new RepeatedCrash(`${MOST_CRASHES} looks in a row ended without an outcome`);
  return {
    result: { kind: 'failed', reason: 'order-failed', fix: FIX, error: { code, message } },
    shown: null,
    wwwAskedAt: null,
  };
}
