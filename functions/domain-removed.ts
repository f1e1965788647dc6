import { recordUpdate } from '../lib/sync/events/record-update.ts';
import { MINUTE_MS } from '../lib/sync/ledger/time.ts';
import { apiHandler } from './http/api-handler.ts';
import { refuseProtected } from './http/authenticate.ts';
import { signedEvent } from './http/signed-event.ts';
import { type ApiServices, apiServices } from './services/api.ts';

/** Records that a domain is no longer wanted. */
export const receive = signedEvent<ApiServices>('domain.removed', (update, { now, settings }, services) => {
  const { ledger, domainBaseMs } = services;
  refuseProtected(update.domain, settings);
  const graceMs = settings.removalGraceMinutes * MINUTE_MS;
  return recordUpdate(ledger, { ...update, wanted: 'absent' }, { now, baseMs: domainBaseMs, graceMs });
});

export const handler = apiHandler(receive, apiServices);
