import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isNetworkName } from '../../lib/network-name.ts';
import type { Secrets } from '../../lib/settings/settings.ts';
import { isProtected } from '../../lib/sync/network/listing/protected-names.ts';
import { readSignature, verifySignature, webhookIdOf } from '../../lib/webhook/signature.ts';
import { isOneOf, mayBeToken } from '../../lib/webhook/token.ts';
import type { ApiServices } from '../services/api.ts';
import type { ReadServices } from '../services/read.ts';
import type { ApiSettings, ReadSettings } from '../services/secrets.ts';
import { Problem } from './problem.ts';
import { header, rawBody } from './request.ts';

const maxBodyBytes = 16 * 1024;

/** With or without parameters. Blanks are HTTP's own, not all of Unicode's (RFC 9110, 5.6.3). */
const json = /^[ \t]*application\/json[ \t]*(;|$)/i;

/** A call whose sender has proved that it belongs to the network. */
export interface AuthenticatedCall {
  readonly network: string;
  readonly body: Buffer;
  readonly settings: ApiSettings;
}

/** The body, if it is small and declared as plain JSON. */
function admittedBody(event: APIGatewayProxyEventV2): Buffer {
  const body = rawBody(event);
  if (body.length > maxBodyBytes) throw new Problem('too-large');
  const isJson = json.test(header(event, 'content-type') ?? '');
  if (!isJson || header(event, 'content-encoding') !== undefined) throw new Problem('unsupported-media-type');
  return body;
}

/**
 * The network in the path and its settings, if `accepts` agrees. If not, the secret is read again, so that a rotation
 * needs no deploy. `accepts` also runs for an unknown network, so that both take the same time.
 */
async function authenticate<T>(
  event: APIGatewayProxyEventV2,
  secrets: Secrets<T>,
  accepts: (settings: T | undefined) => boolean,
  reads = [{ fresh: false }, { fresh: true }],
): Promise<{ readonly network: string; readonly settings: T }> {
  const network = event.pathParameters?.network ?? '';
  for (const read of reads) {
    const settings = isNetworkName(network) ? await secrets.settings(network, read) : undefined;
    if (accepts(settings) && settings !== undefined) return { network, settings };
  }
  throw new Problem('unauthorized');
}

/** Admits a call that one of the network's secrets signed. No secret is read for a call that none can prove. */
export async function authenticateSigned(
  event: APIGatewayProxyEventV2,
  { secrets }: Pick<ApiServices, 'secrets'>,
  nowMs: number,
): Promise<AuthenticatedCall & { readonly webhookId: string }> {
  const body = admittedBody(event);
  const signature = readSignature(event.headers, nowMs);
  if (signature === undefined) throw new Problem('unauthorized');
  const sender = await authenticate(event, secrets, (settings) =>
    verifySignature(body, signature, settings?.relaySecrets ?? []),
  );
  return { ...sender, body, webhookId: webhookIdOf(signature) };
}

/** Admits a call that knows one of the network's hook tokens: the built-in webhook cannot sign. */
export async function authenticateHook(
  event: APIGatewayProxyEventV2,
  { secrets }: Pick<ApiServices, 'secrets'>,
): Promise<AuthenticatedCall> {
  const body = admittedBody(event);
  const token = event.pathParameters?.token ?? '';
  if (!mayBeToken(token)) throw new Problem('unauthorized');
  const sender = await authenticate(event, secrets, (settings) => isOneOf(settings?.hookTokens ?? [], token));
  return { ...sender, body };
}

function bearerToken(event: APIGatewayProxyEventV2): string {
  return /^bearer +(\S+) *$/i.exec(header(event, 'authorization') ?? '')?.[1] ?? '';
}

/** A call whose sender knows one of the network's read tokens. */
export interface Reader {
  readonly network: string;
  readonly settings: ReadSettings;
}

/** Admits a call that knows one of the network's read tokens. `fresh`: reads the secret again. */
export async function authenticateReader(
  event: APIGatewayProxyEventV2,
  { secrets }: Pick<ReadServices, 'secrets'>,
  { fresh = false } = {},
): Promise<Reader> {
  const token = bearerToken(event);
  if (!mayBeToken(token)) throw new Problem('unauthorized');
  const accepts = (settings: ReadSettings | undefined) => isOneOf(settings?.readTokens ?? [], token);
  return authenticate(event, secrets, accepts, fresh ? [{ fresh }] : undefined);
}

/** Refuses events about the network's own names. Removals check this again right before they act. */
export function refuseProtected(domain: string, { protectedDomains }: ApiSettings): void {
  if (isProtected(domain, protectedDomains)) throw new Problem('protected-domain', { domain });
}
