import { checkConnection, unnamableNetwork } from '../lib/connection/check-connection.ts';
import { isNetworkName } from '../lib/network-name.ts';
import { apiHandler, type Receive } from './http/api-handler.ts';
import { authenticateReader } from './http/authenticate.ts';
import { readSteps } from './http/live-client.ts';
import { readReply } from './http/request.ts';
import { type ReadServices, readServices } from './services/read.ts';
import { writtenCalls } from './services/written-calls.ts';

/** Of what stands in the path, where that is no network's name. */
const LONGEST_SHOWN = 64;

/**
 * Checks everything from the secret to the web application, and answers with the cause of a failure in the body. Only a
 * secret that cannot be read is a 503 here too, because then no caller can be authenticated.
 */
export const receive: Receive<ReadServices> = async (event, services) => {
  const named = event.pathParameters?.network ?? '';
  if (!isNetworkName(named))
    return readReply({ network: named.slice(0, LONGEST_SHOWN), ...unnamableNetwork() });
  // The caller has often just changed the secret.
  const { network, settings } = await authenticateReader(event, services, { fresh: true });
  const { serverId, appId, protectedDomains, paused } = settings;
  const { runcloud } = readSteps(settings, services);
  const connection = { network, app: { serverId, appId }, protectedDomains, paused };
  const report = await writtenCalls(services.metrics, () =>
    checkConnection(connection, { ...services, runcloud }),
  );
  const failing = report.checks.filter(({ state }) => state === 'failed' || state === 'not-answered');
  services.log.info('connection checked', {
    network,
    routeKey: event.routeKey,
    outcome: report.ok ? 'ok' : 'not-ok',
    what: failing.map(({ name }) => name).join(' ') || null,
    httpStatus: 200,
  });
  return readReply({ network, ...report });
};

export const handler = apiHandler(receive, readServices);
