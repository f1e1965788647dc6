import { once } from 'node:events';
import { createServer } from 'node:http';
import { z } from 'zod';
import { portOf } from '../../support/port-of.ts';
import type { Site } from './site.ts';

export interface OutcomeDoor {
  /** CALLBACK_URL of the network. */
  readonly url: string;
  /** The types of the outcomes that WordPress has taken in, in order. */
  readonly taken: readonly string[];
  /** From now on calls reach this network; before, they get 503. */
  open(site: Site): void;
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
  let site: Site | undefined;
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (site === undefined) {
      response.writeHead(503).end();
      return;
    }
    const headers = Object.fromEntries(signed.map((name) => [name, String(request.headers[name] ?? '')]));
    const status = z.number().parse(await site.php(dispatch, { args: { body, headers } }));
    if (status < 300) taken.push(outcomeSchema.parse(JSON.parse(body)).type);
    response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}/wp-json/runcloud-relay/v1/outcomes`,
    taken,
    open: (to) => {
      site = to;
    },
    close: async () => {
      site = undefined;
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
