import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { addressOf } from '../../../local/address-of.ts';
import { type Gateway, type GatewayOptions, startGateway } from '../../../local/gateway/start-gateway.ts';
import { sendRaw } from '../../fuzz/asks/raw-http.ts';

const code = `
exports.handler = async (event, context) => {
  const order = event.body ?? event.order;
  if (order === 'throw') throw new RangeError('whsec_quoted');
  if (order === 'hang') await new Promise(() => setInterval(() => {}, 1000));
  // Its core is taken away from it until after its time.
  if (order === 'starved') {
    const answered = new Promise((resolve) => setTimeout(resolve, 900));
    for (const until = Date.now() + 1_200; Date.now() < until; );
    await answered;
  }
  if (order === 'stuck') for (;;);
  if (order === 'slow') await new Promise((resolve) => setTimeout(resolve, 300));
  if (order === 'crash') await new Promise(() => setTimeout(() => { throw new RangeError('whsec_quoted'); }));
  if (order === 'exit') process.exit(3);
  console.log('handled ' + order);
  const said = { ...event, remaining: context.getRemainingTimeInMillis(), secret: process.env.OWN, other: process.env.OTHER };
  return event.body === undefined && event.order === undefined && event.routeKey === undefined
    ? said
    : { statusCode: 202, headers: { 'content-type': 'application/problem+json' }, body: JSON.stringify(said) };
};
`;

const silent = { onLine: () => {}, onError: () => {} };

describe('the functions behind the gateway of this machine', () => {
  let dir: string;
  let gateway: Gateway;
  const lines: string[] = [];
  const trouble: string[] = [];

  const settings = (port = 0): GatewayOptions => ({
    service: 'test',
    provider: {
      name: 'aws',
      runtime: 'nodejs24.x',
      region: 'eu-west-1',
      stage: 'dev',
      memorySize: 512,
      httpApi: { payload: '2.0' },
    },
    functions: {
      api: {
        name: 'test-dev-api',
        handler: 'functions/api.handler',
        timeout: 1,
        maxInstances: 4,
        environment: { OWN: 'of the API handler' },
        events: [{ httpApi: 'POST /{network}/api' }],
      },
      worker: {
        name: 'test-dev-worker',
        handler: 'functions/api.handler',
        timeout: 1,
        maxInstances: 4,
        environment: { OTHER: 'of the worker' },
        events: [],
      },
    },
    codeDir: dir,
    port,
  });

  const start = (port?: number) =>
    startGateway(
      settings(port),
      { AWS_REGION: 'eu-west-1' },
      { onLine: (line) => lines.push(line), onError: (text) => trouble.push(text) },
    );

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gateway-test-'));
    await mkdir(join(dir, 'functions'));
    await writeFile(join(dir, 'functions', 'api.cjs'), code);
    await writeFile(
      join(dir, 'functions', 'late.cjs'),
      "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_500); exports.handler = async () => 'done';\n",
    );
    await writeFile(join(dir, 'functions', 'broken.cjs'), "require('no-such-package');\n");
    gateway = await start();
  });

  afterAll(async () => {
    await gateway.close();
    await rm(dir, { recursive: true });
  });

  const post = (body: string, headers: Record<string, string> = {}, path = '/demo/api') =>
    fetch(`http://127.0.0.1:${gateway.port}${path}`, {
      method: 'POST',
      // Bytes: fetch would name a content type for text.
      body: new TextEncoder().encode(body),
      headers,
    });

  test('a route calls its function with the event of an HTTP API and its own environment', async () => {
    const response = await post('{"a": 1}', { 'content-type': 'application/json', 'Webhook-Id': 'msg_1' });
    expect(response.status).toBe(202);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({
      version: '2.0',
      routeKey: 'POST /{network}/api',
      pathParameters: { network: 'demo' },
      headers: { 'content-type': 'application/json', 'webhook-id': 'msg_1' },
      body: '{"a": 1}',
      isBase64Encoded: false,
      secret: 'of the API handler',
    });
  });

  test.each(['null', '0', 'not json', '{"a":1}  '])(
    'the body %s reaches the function as it was sent',
    async (body) => {
      const response = await post(body, { 'content-type': 'application/json' });
      expect(await response.json()).toMatchObject({ body });
    },
  );

  test('what a request does not have is left out of the event, not null', async () => {
    const response = await post('');
    expect(response.status).toBe(202);
    const event = z.looseObject({}).parse(await response.json());
    expect(Object.entries(event).filter(([, value]) => value === null)).toEqual([]);
    expect(event).not.toHaveProperty('body');
  });

  test('a missing, odd or encoded body type is the function’s to judge', async () => {
    const judge = async (headers: Record<string, string>) => {
      const seen = z.object({ headers: z.record(z.string(), z.string()) });
      return seen.parse(await (await post('{}', headers)).json()).headers;
    };
    expect((await judge({}))['content-type']).not.toBe('application/json');
    expect((await judge({ 'content-type': 'nonsense' }))['content-type']).toBe('nonsense');
    expect(await judge({ 'content-type': 'application/json', 'content-encoding': 'gzip' })).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/json',
    });
  });

  test('an unknown route gets the gateway’s own answer, without its path', async () => {
    const response = await post('{}', {}, '/demo/hooks/token-in-the-path/nowhere');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ message: 'Not Found' });
  });

  test('a path with a slash at its end is another path, as to AWS', async () => {
    for (const path of ['/demo/api/', '/demo/api/?a=b', '/demo/api//']) {
      const response = await post('{}', {}, path);
      expect([response.status, await response.json()]).toEqual([404, { message: 'Not Found' }]);
    }
    expect((await post('{}', {}, '/demo/api?a=b/')).status).toBe(202);
  });

  test('a connection stays open until its caller closes it: none sends a call into a closed one', async () => {
    expect((await post('{}')).headers.get('keep-alive')).toBeNull();
  });

  test('what is no HTTP is refused as that, and not as an unknown route', async () => {
    const lines = ['POST /acme/api HTTP/1.1', 'Host: relay', 'Connection: close'];
    const bytes = Buffer.from([...lines, 'Transfer-Encoding: chunked', '', 'zz', '{}', ''].join('\r\n'));
    const answer = await sendRaw(gateway.port, bytes);
    expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('{"message":"Bad Request"}') });
  });

  test('a function that throws is a 500 that shows nothing, and so is one that runs out of time', async () => {
    for (const body of ['throw', 'hang', 'stuck']) {
      const response = await post(body);
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({ message: 'Internal Server Error' });
    }
    // The one that hung was stopped, and the next call is served by a new one.
    expect((await post('again')).status).toBe(202);
  });

  test('a function whose thread gets no core for a while still answers as it does shortly before its end', async () => {
    expect((await post('starved')).status).toBe(202);
  });

  test('a function that ends its own process is a 500 at once, and the next call is served', async () => {
    for (const body of ['crash', 'exit']) {
      expect((await post(body)).status).toBe(500);
      expect((await post('again')).status).toBe(202);
    }
  });

  test('calls that come at once wait their turn, and the wait is not taken from their time', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('slow')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  });

  test('a function is loaded before it is called, however long that takes', async () => {
    const { functions, ...others } = settings();
    if (functions.worker === undefined) throw new Error('There is a worker');
    const late = { ...functions.worker, handler: 'functions/late.handler' };
    const slow = await startGateway({ ...others, functions: { late } }, { AWS_REGION: 'eu-west-1' }, silent);
    const calls = Array.from({ length: 6 }, () => slow.invoke('late', {}));
    expect(await Promise.all(calls)).toEqual(calls.map(() => 'done'));
    await slow.close();
  });

  test('a function can be called by name, with the time it has left', async () => {
    expect(await gateway.invoke('worker', { Records: [] })).toMatchObject({
      Records: [],
      other: 'of the worker',
      remaining: expect.any(Number),
    });
    expect(await gateway.invoke('worker', {})).toMatchObject({ secret: undefined });
  });

  test('a call by name rejects with the name of what was thrown', async () => {
    await expect(gateway.invoke('worker', { order: 'throw' })).rejects.toMatchObject({
      thrown: 'RangeError',
    });
    await expect(gateway.invoke('worker', { order: 'hang' })).rejects.toMatchObject({
      thrown: 'LambdaTimeoutError',
    });
  });

  test('no printed line shows what was sent or where', () => {
    const told = [...lines, ...trouble].join('\n');
    expect(lines).toContain('handled again');
    expect(told).toContain('RangeError');
    expect(told).toContain('Runtime.ExitError');
    expect(told).not.toContain('whsec_quoted');
    expect(told).not.toContain('token-in-the-path');
  });

  test('a port in use is named', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const port = Number(new URL(addressOf(other)).port);
    await expect(start(port)).rejects.toMatchObject({
      name: 'PortTaken',
      message: expect.stringContaining(`${port}`),
    });
    await new Promise((resolve) => other.close(resolve));
  });

  test('a function that does not load is found before anything is served', async () => {
    const startWith = (handler: string) => {
      const { functions, ...others } = settings();
      if (functions.api === undefined) throw new Error('There is no api');
      const spoiled = { ...functions, spoiled: { ...functions.api, handler, events: [] } };
      return startGateway({ ...others, functions: spoiled }, { AWS_REGION: 'eu-west-1' }, silent);
    };
    await expect(startWith('functions/broken.handler')).rejects.toThrow(
      'functions/broken.handler does not load',
    );
    await expect(startWith('functions/api.other')).rejects.toThrow('no function other');
  });
});
