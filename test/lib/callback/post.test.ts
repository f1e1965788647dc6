import { afterEach, describe, expect, test } from '@jest/globals';
import { checkedLookup, type ResolveAll } from '../../../lib/callback/checked-lookup.ts';
import { type PostOptions, postWebhook } from '../../../lib/callback/post.ts';
import { secretOf } from '../../support/api/sign.ts';
import { type Answer, accept, startReceiver, verified } from '../../support/stack/outcome-receiver.ts';

const secret = secretOf('the current secret of this network');
const rotated = secretOf('the secret after its next rotation');
const now = Date.parse('2026-11-28T05:00:00.250Z');
const body = JSON.stringify({ type: 'domain.settled', data: { domain: 'bücher.example' } });

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function receiver(answer: Answer = accept) {
  const started = await startReceiver(answer);
  closing.push(started.close);
  return started;
}

function post(url: string, { secrets = [secret], ...options }: PostOptions & { secrets?: string[] } = {}) {
  return postWebhook(options)({ id: 'msg_1', body, now }, { url, secrets });
}

describe('a post', () => {
  test('is verified by the public package, with each secret of a rotation', async () => {
    const { url, received } = await receiver();
    const fresh = Date.now();
    const answer = await postWebhook()(
      { id: 'msg_1', body, now: fresh },
      { url, secrets: [secret, rotated] },
    );
    expect(answer).toEqual({ kind: 'answered', status: 202, retryAfterMs: undefined });
    const [first] = received;
    if (first === undefined) throw new Error('nothing came');
    for (const key of [secret, rotated]) expect(verified(first, key)).toEqual(JSON.parse(body));
    expect(first.request).toMatchObject({ method: 'POST', url: '/outcomes?token=x' });
    expect(first.request.headers).toMatchObject({
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
    });
  });

  test.each([
    ['seconds', '120', 120_000],
    ['a date', 'Sat, 28 Nov 2026 05:01:00 GMT', 59_750],
  ])('learns when to come again: %s', async (_, header, retryAfterMs) => {
    const { url } = await receiver((response) => response.writeHead(503, { 'Retry-After': header }).end());
    expect(await post(url)).toEqual({ kind: 'answered', status: 503, retryAfterMs });
  });

  test('follows no redirect', async () => {
    const other = await receiver();
    const { url } = await receiver((response) => response.writeHead(307, { Location: other.url }).end());
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 307 });
    expect(other.received).toEqual([]);
  });

  test('gives up on a receiver that stalls', async () => {
    const { url } = await receiver(() => undefined);
    expect(await post(url, { timeoutMs: 50 })).toEqual({ kind: 'unanswered', why: 'no answer in time' });
  });

  test('takes the status of an answer that does not end', async () => {
    const { url } = await receiver((response) => response.writeHead(200).write('…'));
    expect(await post(url, { timeoutMs: 6_000 })).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('reads no more of an endless answer than it needs', async () => {
    const { url } = await receiver((response) => {
      response.writeHead(200);
      const write = (): void => void response.write('x'.repeat(16_384), (error) => error ?? write());
      write();
    });
    expect(await post(url)).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('names the failure of a connection, and not the address', async () => {
    const { url } = await receiver((_response, request) => request.socket.destroy());
    expect(await post(url)).toEqual({ kind: 'unanswered', why: 'ECONNRESET' });
  });
});

/** Names that resolve as told, the n-th question with the n-th answer. */
function resolving(...answers: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve: ResolveAll = (host, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { asked, lookup: checkedLookup(resolve) };
}

describe('the address of a post', () => {
  const forbidden = { kind: 'unanswered', why: 'it resolves to an address that is not public' };

  test.each([
    ['loopback', ['127.0.0.1']],
    ['the metadata of a cloud', ['169.254.169.254']],
    ['a private one beside a public one', ['93.184.216.34', '10.0.0.5']],
    ['an IPv6 one in disguise', ['::ffff:127.0.0.1']],
    ['no address', []],
  ])('is refused where its name resolves to %s', async (_, addresses) => {
    const { port, received } = await receiver();
    const { lookup } = resolving(addresses);
    expect(await post(`http://shop.example:${port}/`, { lookup })).toEqual(forbidden);
    expect(received).toEqual([]);
  });

  test.each([
    'https://169.254.169.254/latest/meta-data',
    'https://10.0.0.1/',
    'https://[fd00:ec2::254]/',
    'https://2852039166/',
  ])('is refused where it is written as one that is not public: %s', async (url) => {
    expect(await post(url)).toEqual(forbidden);
  });

  test('of this machine is taken where the secret names this machine', async () => {
    const { port, received } = await receiver();
    const { lookup } = resolving(['127.0.0.1']);
    expect(await post(`http://localhost:${port}/`, { lookup })).toMatchObject({ status: 202 });
    expect(received).toHaveLength(1);
  });

  test('of this machine leads nowhere else', async () => {
    const { lookup } = resolving(['10.0.0.1']);
    expect(await post('http://localhost:1/', { lookup })).toEqual(forbidden);
  });

  test('is resolved once: the socket connects to the address that was checked', async () => {
    const { port, received } = await receiver();
    const { lookup, asked } = resolving(['127.0.0.1'], ['169.254.169.254']);
    await post(`http://localhost:${port}/`, { lookup });
    expect(asked).toEqual(['localhost']);
    expect(received).toHaveLength(1);
  });
});
