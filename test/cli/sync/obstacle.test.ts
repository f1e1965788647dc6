import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { relaySecret } from '../../support/api/api-world.ts';
import { readToken } from '../../support/api/read-world.ts';
import { eventually } from '../../support/eventually.ts';
import { portOf } from '../../support/http/port-of.ts';
import { startRelayCli } from '../../support/stack/relay-cli.ts';

const names = Array.from({ length: 40 }, (_, index) => `shop-${index}.example.com`);

let temporary: string;
let closing: AsyncDisposableStack;

beforeEach(async () => {
  closing = new AsyncDisposableStack();
  temporary = await mkdtemp(join(tmpdir(), 'relay-obstacle-'));
  closing.defer(() => rm(temporary, { recursive: true }));
});
afterEach(() => closing.disposeAsync());

/** A relay that knows no domain, and answers updates as told: their number counts from 0. */
async function startScripted(
  answer: (index: number, request: IncomingMessage, response: ServerResponse) => void,
) {
  let updates = 0;
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.method === 'GET') {
      response.end('{"network":"demo","domains":[],"cursor":null}');
      return;
    }
    answer(updates, request, response);
    updates += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server)}/demo`, updates: () => updates };
}

function accepted(response: ServerResponse) {
  response
    .writeHead(202)
    .end('{"id":"1","domain":"x","status":"accepted","latest":"2026-11-21T05:00:00.000Z"}');
}

function startSync(url: string) {
  return startRelayCli(['sync', '-', '--yes', '--json', '--url', url], temporary, {
    env: { RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken },
    input: names.join('\n'),
  });
}

async function ended({ result }: ReturnType<typeof startSync>) {
  const { code, stdout, stderr } = await result;
  const { domains }: { domains: readonly { domain: string; status: string }[] } = JSON.parse(stdout);
  return { code, stderr, domains };
}

function sync(url: string) {
  return ended(startSync(url));
}

describe('a sync that meets an obstacle', () => {
  test('ends once the relay does not answer, and says what is left', async () => {
    const relay = await startScripted((index, request, response) => {
      if (index < 10) accepted(response);
      else request.socket.destroy();
    });
    const { code, stderr, domains } = await sync(relay.url);
    expect(code).toBe(1);
    expect(domains.filter(({ status }) => status === 'accepted')).toHaveLength(10);
    expect(domains.filter(({ status }) => status === 'not-sent')).toHaveLength(30);
    expect(stderr).toMatch(
      /does not answer: .* 30 of 40 were not sent: run the same command again to go on\.\n$/,
    );
  });

  test('ends once the relay does not admit it: no other call would be', async () => {
    const relay = await startScripted((_index, _request, response) => {
      response
        .writeHead(401)
        .end('{"type":"unauthorized","title":"Unauthorized","status":401,"detail":"No"}');
    });
    const { code, stderr } = await sync(relay.url);
    expect(code).toBe(1);
    expect(stderr).toMatch(/does not admit this call for network demo: check .* RELAY_SECRET\./);
    expect(relay.updates()).toBeLessThan(names.length);
  });

  test('goes on after the limit of the gateway, with the same id', async () => {
    const ids: unknown[] = [];
    const relay = await startScripted((index, request, response) => {
      ids.push(request.headers['webhook-id']);
      if (index === 0) response.writeHead(429).end('{"message":"Too Many Requests"}');
      else accepted(response);
    });
    const { code, domains } = await sync(relay.url);
    expect(code).toBe(0);
    expect(domains.every(({ status }) => status === 'accepted')).toBe(true);
    expect(ids).toHaveLength(names.length + 1);
    expect(new Set(ids).size).toBe(names.length);
  });

  test('lets the calls arrive that are under way when Ctrl-C comes, so that its report is true', async () => {
    const relay = await startScripted((_index, _request, response) => {
      setTimeout(() => accepted(response), 700);
    });
    const syncing = startSync(relay.url);
    await eventually(() => expect(relay.updates()).toBeGreaterThan(4));
    syncing.child.kill('SIGINT');
    const { domains, stderr } = await ended(syncing);
    expect(domains.filter(({ status }) => status === 'accepted')).toHaveLength(relay.updates());
    expect(relay.updates()).toBeLessThan(names.length);
    expect(stderr).toMatch(/Stopped\. \d+ of 40 were not sent/);
  });
});

test('says which domains stayed as before, because the clock of this machine is slow', async () => {
  const relay = await startScripted((index, _request, response) => {
    const status = index === 0 ? 'superseded' : 'accepted';
    const latest = '2026-11-21T05:00:00.000Z';
    response.writeHead(202).end(JSON.stringify({ id: '1', domain: 'x', status, latest }));
  });
  const { result } = startRelayCli(['sync', '-', '--yes', '--url', relay.url], temporary, {
    env: { RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken },
    input: names.slice(0, 3).join('\n'),
  });
  const { code, stdout, stderr } = await result;
  expect(stdout).toMatch(/^shop-\d\.example\.com: superseded: the relay knows a newer update\n$/);
  expect(stderr).toMatch(
    /^1 domain stayed as before, .*: set the clock of this machine, and run it again\.$/m,
  );
  expect(code).toBe(1);
});
