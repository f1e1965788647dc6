import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** The bytes that were sent, and signed: the gateway encodes a body that it does not recognise as text in base64. */
export function rawBody({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): Buffer {
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

/** A request header by its lower-case name, which is how an HTTP API delivers all of them. */
export function header(event: APIGatewayProxyEventV2, name: string): string | undefined {
  return event.headers[name];
}

/** The address that the caller used, so that a link in an answer leads back to it. */
export function baseUrl(event: APIGatewayProxyEventV2): string {
  const [forwarded] = (header(event, 'x-forwarded-proto') ?? '').split(',');
  const protocol = forwarded?.trim().toLowerCase() === 'https' ? 'https' : 'http';
  return `${protocol}://${header(event, 'host') ?? event.requestContext.domainName}`;
}

export function jsonReply(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  };
}

export function textReply(statusCode: number, text: string): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'Content-Type': 'text/plain; charset=utf-8' },
    body: text,
  };
}

/** The answer to a read: it is true only now, and only for its caller. */
export function readReply(body: object): APIGatewayProxyStructuredResultV2 {
  const reply = jsonReply(200, body);
  return { ...reply, headers: { ...reply.headers, 'Cache-Control': 'no-store' } };
}
