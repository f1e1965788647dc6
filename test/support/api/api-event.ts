import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface Call {
  readonly routeKey: string;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A call as an HTTP API hands it to Lambda (payload 2.0): header names in lower case, bytes as base64. */
export function apiEvent({
  routeKey,
  path,
  pathParameters,
  query = {},
  headers = {},
  body,
}: Call): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: { ...query } }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    pathParameters: { ...pathParameters },
    requestContext: {
      accountId: '000000000000',
      apiId: 'relay',
      domainName: 'relay.execute-api.eu-west-1.amazonaws.com',
      domainPrefix: 'relay',
      http: {
        method: routeKey.split(' ')[0] ?? '',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: 'jest',
      },
      requestId: 'request',
      routeKey,
      stage: '$default',
      time: '21/Nov/2026:05:00:00 +0000',
      timeEpoch: 1795237200000,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : body.toString('base64') }),
    isBase64Encoded: body !== undefined && typeof body !== 'string',
  };
}
