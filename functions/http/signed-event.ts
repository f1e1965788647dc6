import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Acceptance, CertificateRetry } from '../../lib/sync/ledger/desired-state.ts';
import { type DomainEvent, type EventType, parseEvent } from '../../lib/webhook/event.ts';
import type { ApiServices } from '../services/api.ts';
import type { ApiSettings } from '../services/secrets.ts';
import { accepted, toUpdate } from './accepted.ts';
import type { Receive } from './api-handler.ts';
import { type AuthenticatedCall, authenticateSigned } from './authenticate.ts';
import { Problem, toProblem } from './problem.ts';

export interface Arrival {
  readonly now: number;
  readonly settings: ApiSettings;
}

/** Refuses an update of a protected name, or writes it to the ledger. */
type RecordEvent<S> = (update: CertificateRetry, at: Arrival, services: S) => Promise<Acceptance>;

interface ReceivedEvent {
  readonly webhookId: string;
  /** Throws `BadEvent`. */
  readonly parsed: () => DomainEvent;
  readonly now: number;
}

/** Records an event whose sender is authenticated, and confirms it. A failure carries the event's id, for the log. */
export async function receiveEvent<S extends ApiServices>(
  call: APIGatewayProxyEventV2,
  { network, settings }: AuthenticatedCall,
  { webhookId, parsed, now }: ReceivedEvent,
  record: RecordEvent<S>,
  services: S,
) {
  try {
    const update = await toUpdate(network, webhookId, parsed());
    return await accepted(call, update, await record(update, { now, settings }, services), services);
  } catch (error) {
    const { type, issues, domain, retryAfterMs, cause } = toProblem(error);
    throw new Problem(type, { issues, domain, webhookId, retryAfterMs, cause });
  }
}

/** Receives a signed event of this type. */
export function signedEvent<S extends ApiServices>(type: EventType, record: RecordEvent<S>): Receive<S> {
  return async (call, services) => {
    const now = services.clock.now();
    const { webhookId, ...authenticated } = await authenticateSigned(call, services, now);
    const parsed = () => parseEvent(authenticated.body, type, now);
    return receiveEvent(call, authenticated, { webhookId, parsed, now }, record, services);
  };
}
