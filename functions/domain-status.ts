import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { allEnded } from '../lib/all-ended.ts';
import { certificateKey, domainKey } from '../lib/sync/ledger/keys.ts';
import { listStatus } from '../lib/sync/status/list-domains.ts';
import { restoredPause, summaryIn, viewIn } from '../lib/sync/status/restored.ts';
import { toView } from '../lib/sync/status/view.ts';
import { normalizeDomain } from '../lib/webhook/domain-name.ts';
import { apiHandler, type Receive } from './http/api-handler.ts';
import { authenticateReader, type Reader } from './http/authenticate.ts';
import { Problem } from './http/problem.ts';
import { listQuery, toCursor, wantsLive } from './http/query.ts';
import { readReply } from './http/request.ts';
import { type ReadServices, readServices } from './services/read.ts';
import { writtenCalls } from './services/written-calls.ts';

/** Answers with the state of a domain and its reason, or with the domains of a network. */
export const receive: Receive<ReadServices> = async (event, services) => {
  const reader = await authenticateReader(event, services);
  const name = event.pathParameters?.domain;
  const body =
    name === undefined ? await list(event, reader, services) : await status(event, name, reader, services);
  services.log.info('status read', { network: reader.network, routeKey: event.routeKey, httpStatus: 200 });
  return readReply(body);
};

async function list(event: APIGatewayProxyEventV2, { network }: Reader, { ledger }: ReadServices) {
  const query = listQuery(event);
  const [{ domains, unreadable, after }, pause] = await allEnded([
    listStatus(ledger, network, query),
    restoredPause(ledger, network),
  ]);
  const shown = domains.map((summary) => summaryIn(pause, summary));
  const cursor = after === undefined ? null : toCursor(after);
  return { network, domains: shown, ...(unreadable.length > 0 ? { unreadable } : {}), cursor };
}

/** Some gateways pass a part of the path on undecoded. A host name itself holds no percent sign. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function status(
  event: APIGatewayProxyEventV2,
  name: string,
  { network, settings }: Reader,
  services: ReadServices,
) {
  const normalized = normalizeDomain(decoded(name));
  if (!normalized.ok) throw new Problem('not-found');
  const { domain } = normalized;
  const isLive = wantsLive(event);
  const [item, certificate, pause] = await allEnded([
    services.ledger.read(domainKey(network, domain)),
    services.ledger.read(certificateKey(network, domain)),
    restoredPause(services.ledger, network),
  ]);
  if (item === undefined) throw new Problem('not-found', { domain });
  const view = viewIn(pause, toView(item.item, certificate?.item));
  if (!isLive) return view;
  // RunCloud's client, DNS and TLS take a tenth of a cold start, and most reads show the ledger alone.
  const { liveStatus } = await import('./http/live-status.ts');
  const live = await writtenCalls(services.metrics, () =>
    liveStatus(item.item, certificate?.item, settings, services),
  );
  return { ...view, live };
}

export const handler = apiHandler(receive, readServices);
