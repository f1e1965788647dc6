import { certificateDelays } from '../lib/certificates/delays.ts';
import { Unavailable } from '../lib/errors.ts';
import { recordRetry } from '../lib/sync/events/record-retry.ts';
import { batchedMessage } from '../lib/sync/ledger/work/certificate-request.ts';
import { apiHandler } from './http/api-handler.ts';
import { refuseProtected } from './http/authenticate.ts';
import { signedEvent } from './http/signed-event.ts';
import { type RetryServices, retryServices } from './services/api.ts';

/** Records that a certificate is wanted now. */
export const receive = signedEvent<RetryServices>(
  'domain.ssl_retry',
  async (update, { now, settings }, services) => {
    refuseProtected(update.domain, settings);
    const { ledger, certificateBaseMs, domainBaseMs } = services;
    const at = { now, baseMs: certificateBaseMs, domainBaseMs };
    const acceptance = await recordRetry(ledger, update, at);
    if (acceptance.status !== 'superseded') {
      const { batchMs } = certificateDelays(certificateBaseMs);
      const left = await services.certificateQueue.send([batchedMessage(update.network, batchMs)]);
      if (left.length > 0) throw new Unavailable('queue');
    }
    return acceptance;
  },
);

export const handler = apiHandler(receive, retryServices);
