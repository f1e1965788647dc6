import { once } from 'node:events';
import { createServer } from 'node:http';
import { portOf } from '../http/port-of.ts';

export interface ScriptedAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** An AWS service that answers by a script: `answer` gets the body of each call. */
export async function scriptedAws(answer: (body: string) => ScriptedAnswer | Promise<ScriptedAnswer>) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    request.setEncoding('utf8');
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    const { status, body: reply } = await answer(body);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(reply));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${portOf(server)}`,
    /** What was asked, in order. */
    bodies,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
