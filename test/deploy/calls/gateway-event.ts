import type { APIGatewayProxyEventV2 } from 'aws-lambda';

export interface Call {
  readonly routeKey: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const host = 'a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com';

function parametersOf(routeKey: string, path: string): Record<string, string> {
  const template = (routeKey.split(' ')[1] ?? '').split('/');
  const parts = path.split('/');
  return Object.fromEntries(
    template.flatMap((part, index) => {
      const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
      return name === undefined ? [] : [[name, decodeURIComponent(parts[index] ?? '')]];
    }),
  );
}

/**
 * A call as an HTTP API hands it over, payload format 2.0:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export function gatewayEvent({ routeKey, path, headers, query, body }: Call): APIGatewayProxyEventV2 {
  const now = new Date();
  const rawQueryString = new URLSearchParams(query).toString();
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString,
    headers: {
      accept: '*/*',
      host,
      'user-agent': 'WordPress/6.9; https://network.example.com',
      'x-amzn-trace-id': 'Root=1-6920f0a0-0123456789abcdef01234567',
      'x-forwarded-for': '203.0.113.10',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    },
    ...(query === undefined ? {} : { queryStringParameters: { ...query } }),
    pathParameters: parametersOf(routeKey, path),
    requestContext: {
      accountId: '123456789012',
      apiId: 'a1b2c3d4e5',
      domainName: host,
      domainPrefix: 'a1b2c3d4e5',
      http: {
        method: routeKey.split(' ')[0] ?? '',
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '203.0.113.10',
        userAgent: 'WordPress/6.9; https://network.example.com',
      },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      stage: '$default',
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
    },
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: false,
  };
}
