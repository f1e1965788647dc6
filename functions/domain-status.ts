import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { certificateKey, domainKey } from '../lib/sync/items.ts';
import { listStatus } from '../lib/sync/list-status.ts';
import { toView } from '../lib/sync/view.ts';
import { normalizeDomain } from '../lib/webhook/domain-name.ts';
import { door, type Receive } from './door.ts';
import { Problem } from './problem.ts';
import { type Reader, readEntry } from './read-entry.ts';
import { liveLook } from './read-live.ts';
import { listQuery, toCursor, wantsLive } from './read-query.ts';
import { readReply } from './read-reply.ts';
import { type ReadServices, readServices } from './read-services.ts';

/** Tells where a domain stands and why, or lists the domains of a network. */
export const receive: Receive<ReadServices> = async (event, services) => {
  const reader = await readEntry(event, services);
  const name = event.pathParameters?.domain;
  const body =
    name === undefined ? await list(event, reader, services) : await status(event, name, reader, services);
  services.log.info('status read', { network: reader.network, routeKey: event.routeKey, httpStatus: 200 });
  return readReply(body);
};

const list = async (event: APIGatewayProxyEventV2, { network }: Reader, { ledger }: ReadServices) => {
  const { domains, after } = await listStatus(ledger, network, listQuery(event));
  return { network, domains, cursor: after === undefined ? null : toCursor(after) };
};

/** Some gateways hand a part of the path over as it was sent. A host name holds no percent sign of its own. */
const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

const status = async (
  event: APIGatewayProxyEventV2,
  name: string,
  { network, settings }: Reader,
  services: ReadServices,
) => {
  const normalized = normalizeDomain(decoded(name));
  if (!normalized.ok) throw new Problem('not-found');
  const { domain } = normalized;
  const live = wantsLive(event);
  const [item, certificate] = await Promise.all([
    services.ledger.read(domainKey(network, domain)),
    services.ledger.read(certificateKey(network, domain)),
  ]);
  if (item === undefined) throw new Problem('not-found', { domain });
  const view = toView(item.item, certificate?.item);
  return live ? { ...view, live: await liveLook(item.item, certificate?.item, settings, services) } : view;
};

export const handler = door(receive, readServices);
