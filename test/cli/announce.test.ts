import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { relaySecret } from '../support/api/api-world.ts';
import { readToken } from '../support/api/read-world.ts';
import { eventually } from '../support/eventually.ts';
import { portOf } from '../support/http/port-of.ts';
import { cliEntry, startProgram, startRelayCli } from '../support/stack/relay-cli.ts';

const updateSchema = z.object({ data: z.object({ domain: z.string() }) });

let temporary: string;
let closing: AsyncDisposableStack;

beforeEach(async () => {
  closing = new AsyncDisposableStack();
  temporary = await mkdtemp(join(tmpdir(), 'relay-announce-'));
  closing.defer(() => rm(temporary, { recursive: true }));
});
afterEach(() => closing.disposeAsync());

/** A relay that accepts updates until `answers` is over, then hangs up on every call. */
async function startScripted(answers: number, delayMs = 0, status = 'accepted') {
  const updates: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'POST' || updates.length >= answers) {
      request.socket.destroy();
      return;
    }
    const { domain } = updateSchema.parse(JSON.parse(await text(request))).data;
    updates.push(domain);
    const accepted = { id: '1', domain, status, latest: '2026-11-21T05:00:00.000Z' };
    const write = () =>
      response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(accepted));
    setTimeout(write, delayMs);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${portOf(server)}/demo`, updates };
}

function start(args: readonly string[], url: string) {
  return startRelayCli([...args, '--json', '--url', url], temporary, {
    env: { RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken },
  });
}

const add = ['add', 'a.example.com', 'b.example.com', 'c.example.com'];

describe('announcing several domains', () => {
  test('one that is named twice is sent once', async () => {
    const relay = await startScripted(3);
    const { code } = await start(['add', 'a.example.com', 'A.example.com.', 'a.example.com'], relay.url)
      .result;
    expect(code).toBe(0);
    expect(relay.updates).toEqual(['a.example.com']);
  });

  test('does not end well where the relay knows a newer update, because the clock is slow', async () => {
    const relay = await startScripted(1, 0, 'superseded');
    const { code, stderr } = await start(['remove', 'a.example.com'], relay.url).result;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^a\.example\.com stayed as before, .*: set the clock of this machine if that is slow\.$/m,
    );
  });

  test('says what was sent and what was not, if the relay no longer answers', async () => {
    const relay = await startScripted(1);
    const { code, stdout, stderr } = await start(add, relay.url).result;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      network: 'demo',
      domains: [
        { domain: 'a.example.com', status: 'accepted', error: null },
        { domain: 'b.example.com', status: 'not-sent', latest: null, error: null },
        { domain: 'c.example.com', status: 'not-sent' },
      ],
    });
    expect(stderr).toMatch(/does not answer: .* 2 of 3 were not sent: run the command again\.\n$/);
  });

  test('says what was sent, if the relay dies while it waits', async () => {
    const relay = await startScripted(1);
    const { code, stdout, stderr } = await start(['add', 'a.example.com', '--wait'], relay.url).result;
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ domains: [{ status: 'accepted' }] });
    expect(stderr).toMatch(/^a\.example\.com: accepted\n.* does not answer: [^\n]*\n$/);
  });

  test('goes on where nothing reads what it tells on the way', async () => {
    const relay = await startScripted(3, 300);
    const script = 'node "$0" "$@" 2>&1 >/dev/null | head -1; echo "ended with $PIPESTATUS"';
    const { stdout } = await startProgram(
      'bash',
      ['-c', script, cliEntry, ...add, '--url', relay.url],
      temporary,
      {
        env: { RELAY_SECRET: relaySecret },
      },
    ).result;
    expect(stdout).toBe('a.example.com: accepted\nended with 0\n');
    expect(relay.updates).toHaveLength(3);
  });

  test('lets the call arrive that is under way when Ctrl-C comes', async () => {
    // Long enough that the signal reaches a busy command before the answer does.
    const relay = await startScripted(3, 5_000);
    const adding = start(add, relay.url);
    await eventually(() => expect(relay.updates).toHaveLength(1));
    adding.child.kill('SIGINT');
    const { signal, stdout, stderr } = await adding.result;
    expect(signal).toBe('SIGINT');
    expect(relay.updates).toEqual(['a.example.com']);
    expect(JSON.parse(stdout)).toMatchObject({
      domains: [{ status: 'accepted' }, { status: 'not-sent' }, { status: 'not-sent' }],
    });
    expect(stderr).toMatch(/Stopped\. 2 of 3 were not sent: run the command again\.\n$/);
  });
});
