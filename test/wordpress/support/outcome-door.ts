import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';
import { portOf } from '../../support/http/port-of.ts';
import type { Site } from './site.ts';

export interface OutcomeDoor {
  /** CALLBACK_URL of the network. */
  readonly url: string;
  /** The types of the outcomes that WordPress has taken in, in order. */
  readonly taken: readonly string[];
  /** From now on calls reach this network; before, they get 503. */
  open(site: Site): void;
  /** From now on calls get 503 again. Resolves when WordPress has answered the calls that reached it. */
  shut(): Promise<void>;
  close(): Promise<void>;
}

const outcomeSchema = z.object({ type: z.string() });

/** The plugin's own route, in WordPress's own REST server. */
const dispatch = `
  $request = new WP_REST_Request( 'POST', '/runcloud-relay/v1/outcomes' );
  $request->set_body( $args['body'] );
  foreach ( $args['headers'] as $name => $value ) $request->set_header( $name, $value );
  return rest_do_request( $request )->get_status();`;

const signed = ['content-type', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

/** An address of this machine for the network's route for outcomes, which the relay has to know before there is a network. */
export async function startOutcomeDoor(): Promise<OutcomeDoor> {
  const taken: string[] = [];
  const running = new Set<Promise<number>>();
  let site: Site | undefined;

  async function statusOf(to: Site, body: string, headers: Readonly<Record<string, string>>) {
    const status = z.number().parse(await to.php(dispatch, { args: { body, headers } }));
    if (status < 300) taken.push(outcomeSchema.parse(JSON.parse(body)).type);
    return status;
  }

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (site === undefined) {
      response.writeHead(503).end();
      return;
    }
    const headers = Object.fromEntries(signed.map((name) => [name, String(request.headers[name] ?? '')]));
    const status = statusOf(site, body, headers);
    running.add(status);
    response.writeHead(await status).end();
    running.delete(status);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/wp-json/runcloud-relay/v1/outcomes`,
    taken,
    open: (to) => {
      site = to;
    },
    shut: async () => {
      site = undefined;
      await Promise.all(running);
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
