import type { GatewayRequest, GatewayResponse, GatewayServer, GatewayToolkit } from 'serverless-offline';
import { z } from 'zod';

/** What a Lambda that threw or ran out of time becomes in serverless-offline: a 200 that shows the stack. */
const mockedErrorSchema = z.strictObject({
  errorMessage: z.string(),
  errorType: z.string(),
  stackTrace: z.array(z.string()).nullable(),
});
const mockedSourceSchema = z.object({ source: z.string() });
const boomSchema = z.object({
  isBoom: z.literal(true),
  output: z.object({ statusCode: z.number(), payload: z.object({ error: z.string() }) }),
});

function isMockedError(response: unknown): boolean {
  const { data } = mockedSourceSchema.safeParse(response);
  if (data === undefined || !data.source.startsWith('{"errorMessage"')) return false;
  try {
    return mockedErrorSchema.safeParse(JSON.parse(data.source)).success;
  } catch {
    return false;
  }
}

/** HTTP API joins repeated headers with commas; serverless-offline would keep the last. */
function joinRepeated(rawHeaders: readonly string[]): string[] {
  const joined = new Map<string, string>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase();
    const value = rawHeaders[i + 1] ?? '';
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...joined].flat();
}

/** What serverless-offline neither parses nor turns into base64. */
const plain = 'text/plain';

/**
 * The function sees what was sent: serverless-offline builds its event from `rawHeaders`, and takes a missing
 * Content-Type for JSON. The server in front of it sees plain text, which it neither parses nor refuses.
 */
function passAsSent({ raw: { req }, headers }: GatewayRequest): void {
  const sent = joinRepeated(req.rawHeaders);
  if (headers['content-type'] === undefined) sent.push('content-type', 'application/octet-stream');
  req.rawHeaders = sent;
  headers['content-type'] = plain;
  // No CORS is configured; serverless-offline would answer an Origin with its headers all the same.
  delete headers.origin;
}

function refusal(h: GatewayToolkit, status: number, message: string): GatewayResponse {
  return h.response(JSON.stringify({ message })).type('application/json').code(status);
}

/** A slash at the end makes it another path to HTTP API; serverless-offline drops it. */
function endsInSlash({ raw: { req } }: GatewayRequest): boolean {
  const [path = ''] = (req.url ?? '').split('?');
  return path.endsWith('/');
}

/** Where serverless-offline differs from the HTTP API in front of Lambda in a visible respect. */
export function answerLikeApiGateway(server: GatewayServer): void {
  server.ext('onRequest', (request, h) => {
    if (endsInSlash(request)) return refusal(h, 404, 'Not Found').takeover();
    passAsSent(request);
    return h.continue;
  });
  server.ext('onPreResponse', (request, h) => {
    // Before the route: what is no HTTP has got none yet.
    const boom = boomSchema.safeParse(request.response);
    if (boom.success) return refusal(h, boom.data.output.statusCode, boom.data.output.payload.error);
    if (request.route.path === '/{p*}') return refusal(h, 404, 'Not Found');
    return isMockedError(request.response) ? refusal(h, 500, 'Internal Server Error') : h.continue;
  });
}
