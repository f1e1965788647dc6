import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApiServer } from '../support/api/api-server.ts';
import { closeFlow } from '../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../support/flow/flow.ts';
import { fc } from '../support/property.ts';
import { SEED } from '../support/seed.ts';
import { delivered, routes } from './asks/call.ts';
import { httpTricks, post, usual } from './asks/http-tricks.ts';
import { bytesOf, type RawAnswer, sendRaw } from './asks/raw-http.ts';
import { judge } from './oracle/oracle.ts';
import { fuzzCases } from './search.ts';
import { fuzzWorld, handlers } from './world.ts';

/** A bad head is refused at once: only after it, in what is not read any more, may the answer get lost. */
const oneRead = 65_536;

function portIn(url: string) {
  return Number(new URL(url).port);
}

describe('a sample of hostile calls, over sockets', () => {
  const { services, holdings } = fuzzWorld();
  let server: Awaited<ReturnType<typeof startApiServer>>;

  beforeAll(async () => {
    const paths = routes.map((route) => ({ path: route.replace(/^\w+ /, ''), receive: handlers[route] }));
    server = await startApiServer(paths, services);
  });
  afterAll(() => server.stop());

  test('none is accepted that the contract refuses, and none breaks anything', async () => {
    const accepted: string[] = [];
    const framing = fc.constantFrom('length' as const, 'chunked' as const);
    const property = fc.asyncProperty(fuzzCases, framing, async ({ request }, how) => {
      const before = holdings();
      const bytes = bytesOf(request, how);
      const { status } = await sendRaw(portIn(server.url), bytes);
      if (status === undefined || status >= 300) expect(holdings()).toEqual(before);
      if (status === undefined) {
        expect(bytes.length).toBeGreaterThan(oneRead);
        return;
      }
      expect(status).toBeLessThan(500);
      if (status >= 300) return;
      // What HTTP itself lets through reaches the API handler as it would by a gateway.
      const event = delivered(request, 'base64');
      const right = event === undefined ? [] : judge(event).statuses;
      // A name that was not known may have been added meanwhile.
      expect(right.map((one) => (one === 404 ? 200 : one))).toContain(status);
      accepted.push(request.target);
    });
    await fc.assert(property, { numRuns: 400, seed: SEED });
    expect(accepted.length).toBeGreaterThan(20);
  });
});

describe('what is wrong with the HTTP itself, before the whole stack', () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({ networks: { acme: {} } });
  });
  afterAll(() => closeFlow(flow));

  /** A good event's head and body; a test writes them down in a bad way. */
  const event = (domain: string) => {
    const { body, headers } = flow
      .network('acme')
      .event('domain.added', { domain }, { id: `msg_${randomUUID()}` });
    return { body, lines: Object.entries(headers).map(([name, value]) => `${name}: ${value}`) };
  };
  const send = (...parts: readonly (string | readonly string[])[]): Promise<RawAnswer> =>
    sendRaw(portIn(flow.url), Buffer.from(parts.flat().join('\r\n'), 'latin1'));

  test('a body in chunks is taken like any other', async () => {
    const { body, lines } = event('chunked.acme-bikes.com');
    const size = Buffer.byteLength(body).toString(16);
    const answer = await send(post, usual, lines, 'Transfer-Encoding: chunked', '', size, body, '0', '', '');
    expect(answer.status).toBe(202);
  });

  test('names of headers count in any case', async () => {
    const { body, lines } = event('shouted.acme-bikes.com');
    const shouted = lines.map((one) => one.replace(/^[^:]+/, (name) => name.toUpperCase()));
    const answer = await send(post, usual, shouted, `CONTENT-LENGTH: ${body.length}`, '', body);
    expect(answer.status).toBe(202);
  });

  test.each(httpTricks.map((trick) => [trick.title, trick] as const))(
    '%s: refused, and nothing is recorded',
    async (title, { refused, mayBreak, write }) => {
      const domain = `${title.replaceAll(' ', '-')}.acme-bikes.com`.toLowerCase();
      const { body, lines } = event(domain);
      const { status } = await send(...write(body, lines));
      if (status !== undefined || mayBreak !== true) expect(status).toBe(refused);
      expect(await flow.network('acme').domain(domain)).toBeUndefined();
    },
  );

  test('a second call smuggled after the first is a call of its own', async () => {
    const first = event('first.acme-bikes.com');
    const smuggled = [
      post,
      'Host: relay.acme-bikes.com',
      'Content-Type: application/json',
      'Content-Length: 2',
      '',
      '{}',
    ];
    const answer = await send(
      [post, 'Host: relay.acme-bikes.com', ...first.lines, `Content-Length: ${first.body.length}`, ''],
      first.body + [...smuggled.slice(0, 2), 'Connection: close', ...smuggled.slice(2)].join('\r\n'),
    );
    expect(answer.text.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 202', 'HTTP/1.1 401']);
  });
});
