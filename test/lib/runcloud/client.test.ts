import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { RelayError } from '../../../lib/errors.ts';
import type { RuncloudCall } from '../../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import { RuncloudUnauthorized } from '../../../lib/runcloud/errors.ts';
import type { CallAnswer } from '../../../lib/sync/ledger/runcloud-ports.ts';
import type { Fault } from '../../../local/runcloud/http/faults.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { clientOf, failureOf, ids, legacy, runcloudWorld, token } from '../../support/runcloud/runcloud.ts';

const read: RuncloudCall = { method: 'GET', path: '/ping' };
const write: RuncloudCall = {
  method: 'POST',
  path: '/servers/42/webapps/7/domains',
  body: { name: 'shop.example' },
};

let runcloud: RunningRuncloud;

beforeEach(async () => {
  runcloud = await runcloudWorld();
});

afterEach(() => runcloud.close());

/** The facts of the failure that an answer leads to. */
async function failing(call: RuncloudCall, answer: Fault['answer']) {
  runcloud.arm({ ...(answer !== undefined && { answer }) });
  const failure = await failureOf(clientOf(runcloud).request(call));
  if (!(failure instanceof RelayError)) throw failure;
  return failure;
}

describe('each kind of answer is one kind of failure', () => {
  const json = (status: number) => ({ status, body: { message: 'so says RunCloud' } });

  test.each([
    [401, 'RuncloudUnauthorized', 'runcloud-unauthorized', 'network'],
    [402, 'RuncloudForbidden', 'runcloud-forbidden', 'network'],
    [403, 'RuncloudForbidden', 'runcloud-forbidden', 'network'],
    [404, 'RuncloudNotFound', 'runcloud-not-found', 'network'],
    [429, 'RuncloudRateLimited', 'runcloud-rate-limited', 'passing'],
    [400, 'RuncloudRefused', 'runcloud-refused', 'refused'],
    [405, 'RuncloudRefused', 'runcloud-refused', 'refused'],
    [409, 'RuncloudRefused', 'runcloud-refused', 'refused'],
    [422, 'RuncloudRefused', 'runcloud-refused', 'refused'],
  ])('%i: %s, and a write is known not to have happened', async (status, name, code, failure) => {
    const error = await failing(write, json(status));
    expect(error).toMatchObject({ name, code, failure, status, unanswered: false });
    expect(error.message).toContain('so says RunCloud');
  });

  test.each([408, 500, 502, 503])('%i: unavailable, and a write may have happened', async (status) => {
    expect(await failing(write, json(status))).toMatchObject({
      name: 'RuncloudUnavailable',
      failure: 'passing',
      status,
      unanswered: true,
    });
    expect(await failing(read, json(status))).toMatchObject({ unanswered: false });
  });

  test('a 5xx is unavailable also as a web page', async () => {
    const error = await failing(write, { status: 502, html: 'Bad Gateway' });
    expect(error).toMatchObject({ name: 'RuncloudUnavailable', unanswered: true });
  });

  test.each([
    ['seconds', '17', 17_000],
    ['a date', new Date(Date.UTC(2026, 10, 21, 5, 0, 30)).toUTCString(), 30_000],
    ['nothing', undefined, undefined],
  ])('429 is 429 whatever its body: a web page that asks for %s', async (_, retryAfter, retryAfterMs) => {
    const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
    runcloud.arm({ answer: { status: 429, html: 'You are being rate limited', headers } });
    const client = clientOf(runcloud, { now: () => Date.UTC(2026, 10, 21, 5) });
    expect(await failureOf(client.request(write))).toMatchObject({
      code: 'runcloud-rate-limited',
      failure: 'passing',
      unanswered: false,
      retryAfterMs,
    });
  });

  test('422 is a refusal whatever its body: only who has read the data answers so', async () => {
    const error = await failing(write, { status: 422, html: 'Unprocessable Content' });
    expect(error).toMatchObject({ code: 'runcloud-refused', unanswered: false });
  });

  // 401 and 404 come from a login page, 403 from a firewall, 405 and 409 from proxies.
  test.each([200, 400, 401, 403, 404, 405, 409])(
    'a web page with %i: blocked, and a write may have happened',
    async (status) => {
      expect(await failing(write, { status, html: 'Just a moment...' })).toMatchObject({
        name: 'RuncloudBlocked',
        code: 'runcloud-blocked',
        failure: 'network',
        unanswered: true,
      });
      expect(await failing(read, { status, html: 'Log in' })).toMatchObject({ unanswered: false });
    },
  );

  test('HTML and JSON are known by their content, whatever their content type', async () => {
    const page = { headers: { 'content-type': 'application/json' }, body: '\n <html></html>' };
    expect(await failing(read, { status: 403, ...page })).toMatchObject({ name: 'RuncloudBlocked' });
    const json403 = { headers: { 'content-type': 'text/html' }, body: '{"message":"no"}' };
    expect(await failing(read, { status: 403, ...json403 })).toMatchObject({ name: 'RuncloudForbidden' });
  });

  test('an error without a body is known by its status', async () => {
    expect(await failing(read, { status: 401 })).toMatchObject({ name: 'RuncloudUnauthorized' });
    expect(await failing(read, { status: 429 })).toMatchObject({ retryAfterMs: undefined });
  });

  test('a success of broken JSON is unavailable, and a write may have happened', async () => {
    const broken = { status: 200, headers: { 'content-type': 'application/json' }, body: '{"id": 7' };
    expect(await failing(write, broken)).toMatchObject({ name: 'RuncloudUnavailable', unanswered: true });
  });

  test('plain text is RunCloud’s own words, redacted; broken JSON is not shown', async () => {
    const text = { status: 409, headers: { 'content-type': 'text/plain' }, body: `Busy, ${token}` };
    expect(await failing(write, text)).toMatchObject({ code: 'runcloud-refused', said: 'Busy, [redacted]' });
    const success = { status: 200, headers: { 'content-type': 'text/plain' }, body: 'Maintenance' };
    expect(await failing(write, success)).toMatchObject({ unanswered: true, said: 'Maintenance' });
    const broken = { status: 409, headers: { 'content-type': 'application/json' }, body: '{"key": "abc' };
    expect(await failing(write, broken)).toMatchObject({ code: 'runcloud-refused', said: undefined });
  });

  test('a body larger than any answer of RunCloud is not held', async () => {
    const huge = JSON.stringify({ data: 'x'.repeat(3 * 1024 * 1024) });
    const headers = { 'content-type': 'application/json' };
    expect(await failing(write, { status: 200, headers, body: huge })).toMatchObject({
      name: 'RuncloudUnavailable',
      unanswered: true,
    });
  });

  test('Retry-After travels with the failure', async () => {
    const answer = { status: 429, headers: { 'retry-after': '17' }, body: { message: 'slow down' } };
    expect(await failing(write, answer)).toMatchObject({ retryAfterMs: 17_000 });
    const later = { status: 503, headers: { 'retry-after': '60' } };
    expect(await failing(read, later)).toMatchObject({ retryAfterMs: 60_000 });
  });
});

describe('connections', () => {
  test('one that breaks leaves a write open, and a read not', async () => {
    expect(await failing(write, 'drop')).toMatchObject({ name: 'RuncloudUnavailable', unanswered: true });
    expect(await failing(read, 'drop')).toMatchObject({ name: 'RuncloudUnavailable', unanswered: false });
  });

  test('one that is refused has carried nothing', async () => {
    const gone = await runcloudWorld();
    await gone.close();
    const failure = await failureOf(clientOf(gone).request(write));
    expect(failure).toMatchObject({ name: 'RuncloudUnavailable', unanswered: false, status: undefined });
  });

  test('a name that does not resolve has carried nothing', async () => {
    const nowhere = clientOf({ url: 'https://runcloud.invalid' });
    expect(await failureOf(nowhere.request(write))).toMatchObject({
      name: 'RuncloudUnavailable',
      unanswered: false,
    });
  });

  test('none is kept for the next call: it could die unseen while the function is frozen', async () => {
    await clientOf(runcloud).request(read);
    expect(runcloud.requests[0]?.headers).toMatchObject({ connection: 'close' });
  });
});

describe('timeouts', () => {
  const timeouts = { standardMs: 60, certificateMs: 30_000 };

  test.each([
    { call: read, unanswered: false },
    { call: write, unanswered: true },
  ])('silence ends after the time, and leaves a $call.method unanswered: $unanswered', async (one) => {
    const { call, unanswered } = one;
    runcloud.arm({ answer: 'silence' });
    const failure = await failureOf(clientOf(runcloud, { timeouts }).request(call));
    expect(failure).toMatchObject({ name: 'RuncloudTimeout', failure: 'passing', unanswered });
  });

  test('an order of a certificate is given longer', async () => {
    runcloud.arm({ delayMs: 200, answer: { status: 200, body: {} }, does: 'never' });
    const order = { ...write, ordersCertificate: true };
    expect(await clientOf(runcloud, { timeouts }).request(order)).toEqual({});
  });

  test('are 30 s, and 120 s for a certificate, unless said otherwise', async () => {
    const asked: number[] = [];
    const timeoutSignal = (ms: number) => {
      asked.push(ms);
      return new AbortController().signal;
    };
    const client = clientOf(runcloud, { timeoutSignal });
    await client.request(read);
    await client.request(write);
    await client.request({ ...write, body: { name: 'b.example' }, ordersCertificate: true });
    expect(asked).toEqual([30_000, 30_000, 120_000]);
  });

  test('include a body that never ends', async () => {
    const dripping = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":');
    });
    await new Promise<void>((resolve) => dripping.listen(0, '127.0.0.1', resolve));
    const address = dripping.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const client = clientOf({ url: `http://127.0.0.1:${port}` }, { timeouts });
    expect(await failureOf(client.request(write))).toMatchObject({
      name: 'RuncloudTimeout',
      unanswered: true,
    });
    dripping.closeAllConnections();
    await new Promise((resolve) => dripping.close(resolve));
  });
});

describe('the credential', () => {
  test('goes out as Bearer to v3 and as Basic to v2, with JSON both ways', async () => {
    await clientOf(runcloud).request(read);
    await clientOf(runcloud, { credential: { api: 'v2', ...legacy } }).request(read);
    expect(runcloud.requests.map(({ path }) => path)).toEqual(['/api/v3/ping', '/api/v2/ping']);
    for (const { headers } of runcloud.requests) {
      expect(headers).toMatchObject({ accept: 'application/json', 'content-type': 'application/json' });
    }
  });

  test('never travels where a redirect points', async () => {
    const elsewhere = await runcloudWorld();
    for (const status of [301, 302, 303, 307, 308]) {
      const failure = await failing(write, { status, headers: { location: `${elsewhere.url}/api/v3/ping` } });
      expect(failure).toMatchObject({ name: 'RuncloudBlocked', status, unanswered: true });
    }
    await elsewhere.close();
    expect(elsewhere.requests).toHaveLength(0);
  });

  test.each(['two\nlines', 'schlüssel', ''])('%j is not sent, nor shown anywhere', async (odd) => {
    const client = clientOf(runcloud, { credential: { api: 'v3', token: odd } });
    const failure = await failureOf(client.request(read));
    expect(failure).toMatchObject({ name: 'RuncloudUnauthorized', failure: 'network' });
    if (odd !== '') expect(String(failure)).not.toContain(odd);
    if (odd !== '') expect(runcloud.requests).toHaveLength(0);
  });

  test.each([200, 400, 401, 403, 404, 409, 422, 429, 500, 503])(
    'stays out of the failure even if an answer of %i echoes it, with keys beside it',
    async (status) => {
      const leak = `${token} pullKey1: pk-123 privateKey=sk-456 -----BEGIN PRIVATE KEY-----\nabc`;
      const body = { message: leak, errors: { name: [leak] }, privateKey: 'sk-456', pullKey1: 'pk-123' };
      runcloud.arm({ answer: { status, body: status === 200 ? { data: body } : body } });
      const failure = await failureOf(runcloudHosting(clientOf(runcloud), ids).page(1));
      if (!(failure instanceof Error)) throw failure;
      const everything = JSON.stringify([failure.message, failure.stack, { ...failure }]);
      for (const secret of [token, 'pk-123', 'sk-456', 'BEGIN PRIVATE']) {
        expect(everything).not.toContain(secret);
      }
    },
  );
});

test('nothing is ever sent twice, whatever the answer', async () => {
  const answers: Fault['answer'][] = [
    'drop',
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 500 },
    { status: 503, headers: { 'retry-after': '0' } },
    { status: 200, html: 'page' },
    { status: 422 },
    { status: 307, headers: { location: '/api/v3/ping' } },
  ];
  for (const answer of answers) await failing(write, answer);
  for (const answer of answers) await failing(read, answer);
  expect(runcloud.requests).toHaveLength(2 * answers.length);
});

test.each([204, 200, 201, 202])('any 2xx is a success: %i without a body', async (status) => {
  runcloud.arm({ answer: { status } });
  expect(await clientOf(runcloud).request(write)).toBeUndefined();
});

describe('the gate', () => {
  const guardOf = (refusal?: Error) => {
    const seen: CallAnswer[] = [];
    const guard = {
      before: () => (refusal === undefined ? Promise.resolve() : Promise.reject(refusal)),
      after: async (answer: CallAnswer) => {
        seen.push(answer);
      },
    };
    return { guard, seen };
  };

  test('reads what every answer says about the limit, and its words', async () => {
    const { guard, seen } = guardOf();
    const client = clientOf(runcloud, { guard });
    await client.request(read);
    runcloud.arm({
      answer: {
        status: 429,
        headers: { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', 'retry-after': '9' },
      },
    });
    await failureOf(client.request(read));
    expect(seen).toEqual([
      { status: 200, limit: 60, remaining: 59, retryAfterMs: undefined, said: 'pong' },
      { status: 429, limit: 60, remaining: 0, retryAfterMs: 9_000 },
    ]);
  });

  test('reports a call without an answer', async () => {
    const { guard, seen } = guardOf();
    runcloud.arm({ answer: 'drop' });
    await failureOf(clientOf(runcloud, { guard }).request(write));
    expect(seen).toEqual([
      { status: undefined, limit: undefined, remaining: undefined, retryAfterMs: undefined },
    ]);
  });

  test('keeps a call from being sent', async () => {
    const refusal = new RuncloudUnauthorized('Held back', { method: 'GET', path: '/ping' });
    const { guard, seen } = guardOf(refusal);
    expect(await failureOf(clientOf(runcloud, { guard }).request(write))).toBe(refusal);
    expect([seen, runcloud.requests]).toEqual([[], []]);
  });
});
