import { RepeatedCrash } from '../../sync/ledger/errors.ts';
import type { CertificateFindings } from '../leases.ts';

const FIX = 'Look at the logs of secure-domains; the relay looks again daily, and at once after an ssl_retry';

export function givenUp(): CertificateFindings {
  const { code, message } = new RepeatedCrash();
  return {
    result: { kind: 'failed', reason: 'order-failed', fix: FIX, error: { code, message } },
    shown: null,
    wwwAskedAt: null,
    pointsHere: false,
  };
}
