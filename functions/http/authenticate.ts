import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isNetworkName } from '../../lib/network-name.ts';
import { isProtected } from '../../lib/sync/network/protected-names.ts';
import { verifySignature } from '../../lib/webhook/signature.ts';
import { isOneOf } from '../../lib/webhook/token.ts';
import type { ApiServices, ApiSettings } from '../services/api-services.ts';
import { Problem } from './problem.ts';
import { header, rawBody } from './request.ts';

const maxBodyBytes = 16 * 1024;

/** With or without parameters. Blanks are HTTP's own, not all that Unicode takes for such (RFC 9110, 5.6.3). */
const json = /^[ \t]*application\/json[ \t]*(;|$)/i;

/** A call whose sender has proven to belong to the network. */
export interface AuthenticatedCall {
  readonly network: string;
  readonly body: Buffer;
  readonly settings: ApiSettings;
}

/** The body of a call that may be looked at: small, and declared as plain JSON. */
function admittedBody(event: APIGatewayProxyEventV2): Buffer {
  const body = rawBody(event);
  if (body.length > maxBodyBytes) throw new Problem('too-large');
  const isJson = json.test(header(event, 'content-type') ?? '');
  if (!isJson || header(event, 'content-encoding') !== undefined) throw new Problem('unsupported-media-type');
  return body;
}

/**
 * Settings of the network in the path, if `accepts` agrees. Asked once more with the secret read afresh, so that a rotation
 * needs no deploy; `accepts` is asked about an unknown network too, to take its time.
 */
async function authenticate(
  event: APIGatewayProxyEventV2,
  { secrets }: ApiServices,
  accepts: (body: Buffer, settings: ApiSettings | undefined) => boolean,
): Promise<AuthenticatedCall> {
  const body = admittedBody(event);
  const network = event.pathParameters?.network ?? '';
  for (const fresh of [false, true]) {
    const settings = isNetworkName(network) ? await secrets.settings(network, { fresh }) : undefined;
    if (accepts(body, settings) && settings !== undefined) return { network, body, settings };
  }
  throw new Problem('unauthorized');
}

/** Lets in what one of the network's secrets has signed. */
export async function authenticateSigned(
  event: APIGatewayProxyEventV2,
  services: ApiServices,
  nowMs: number,
): Promise<AuthenticatedCall & { readonly webhookId: string }> {
  const webhookId = header(event, 'webhook-id') ?? '';
  const headers = {
    id: webhookId,
    timestamp: header(event, 'webhook-timestamp'),
    signature: header(event, 'webhook-signature'),
  };
  const entered = await authenticate(event, services, (body, settings) =>
    verifySignature(body, headers, settings?.relaySecrets ?? [], nowMs),
  );
  return { ...entered, webhookId };
}

/** Lets in what knows one of the network's hook tokens: the built-in webhook cannot sign. */
export function authenticateHook(
  event: APIGatewayProxyEventV2,
  services: ApiServices,
): Promise<AuthenticatedCall> {
  return authenticate(event, services, (_body, settings) =>
    isOneOf(settings?.hookTokens ?? [], event.pathParameters?.token ?? ''),
  );
}

/** Turns away words about the network's own names; removals ask again right before they act. */
export function refuseProtected(domain: string, { protectedDomains }: ApiSettings): void {
  if (isProtected(domain, protectedDomains)) throw new Problem('protected-domain', { domain });
}
