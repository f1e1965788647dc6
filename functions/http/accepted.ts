import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Unavailable } from '../../lib/errors.ts';
import type { Acceptance, CertificateRetry } from '../../lib/sync/ledger/desired-state.ts';
import { defaultWww } from '../../lib/webhook/default-www.ts';
import type { DomainEvent } from '../../lib/webhook/event.ts';
import type { ApiServices } from '../services/api.ts';
import { baseUrl, jsonReply } from './request.ts';

/** An event as an update of this network; its version is its time and its webhook id. */
export async function toUpdate(
  network: string,
  id: string,
  { timestamp, ...event }: DomainEvent,
): Promise<CertificateRetry> {
  return {
    ...event,
    www: event.www ?? (await defaultWww(event.domain)),
    network,
    version: { timestamp, id },
  };
}

/**
 * Sends the message and confirms the update. If the queue is out of reach, the update stays recorded but is not confirmed:
 * the sweep or a repeated event brings it to a worker.
 */
export async function accepted(
  event: APIGatewayProxyEventV2,
  { network, domain, version }: CertificateRetry,
  acceptance: Acceptance,
  { queue, log, metrics }: ApiServices,
): Promise<APIGatewayProxyStructuredResultV2> {
  if (acceptance.open) {
    const left = await queue.send([{ message: { network, domain }, delaySeconds: 0 }]);
    if (left.length > 0) throw new Unavailable('queue');
  }
  const fields = {
    network,
    domain,
    routeKey: event.routeKey,
    status: acceptance.status,
    webhookId: version.id,
    httpStatus: 202,
  };
  log.info('event answered', fields, metrics.counted(acceptance.status, { network }));
  return jsonReply(202, {
    id: version.id,
    network,
    domain,
    status: acceptance.status,
    latest: acceptance.latest,
    statusUrl: `${baseUrl(event)}/${network}/domains/${domain}`,
  });
}
