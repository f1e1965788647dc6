import { recordUpdate } from '../lib/sync/events/record-update.ts';
import { apiHandler } from './http/api-handler.ts';
import { signedEvent } from './http/signed-event.ts';
import { type ApiServices, apiServices } from './services/api.ts';

/** Records that a domain is no longer wanted. */
export const receive = signedEvent<ApiServices>('domain.removed', (update, now, { ledger, domainBaseMs }) =>
  recordUpdate(ledger, { ...update, wanted: 'absent' }, { now, baseMs: domainBaseMs }),
);

export const handler = apiHandler(receive, apiServices);
