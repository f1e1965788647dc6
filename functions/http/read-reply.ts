import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { jsonReply } from './request.ts';

/** An answer that is true only now, and only for who asked. */
export function readReply(body: object): APIGatewayProxyStructuredResultV2 {
  const reply = jsonReply(200, body);
  return { ...reply, headers: { ...reply.headers, 'Cache-Control': 'no-store' } };
}
