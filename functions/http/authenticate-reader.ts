import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { isNetworkName } from '../../lib/network-name.ts';
import { isOneOf } from '../../lib/webhook/token.ts';
import type { ReadServices, ReadSettings } from '../services/read.ts';
import { Problem } from './problem.ts';
import { header } from './request.ts';

/** A call whose sender knows one of the network's read tokens. */
export interface Reader {
  readonly network: string;
  readonly settings: ReadSettings;
}

function bearerToken(event: APIGatewayProxyEventV2): string {
  return /^bearer +(\S+) *$/i.exec(header(event, 'authorization') ?? '')?.[1] ?? '';
}

/**
 * Lets in who knows a read token of the network in the path. A token that does not fit is held against the secret read
 * afresh, so that a rotation needs no deploy; one that nobody can have is compared too, to take its time. `fresh`: what
 * is kept will not do.
 */
export async function authenticateReader(
  event: APIGatewayProxyEventV2,
  { secrets }: ReadServices,
  { fresh: onlyFresh = false } = {},
): Promise<Reader> {
  const network = event.pathParameters?.network ?? '';
  const token = bearerToken(event);
  for (const fresh of onlyFresh ? [true] : [false, true]) {
    const settings = isNetworkName(network) ? await secrets.settings(network, { fresh }) : undefined;
    if (isOneOf(settings?.readTokens ?? [], token) && settings !== undefined) return { network, settings };
  }
  throw new Problem('unauthorized');
}
