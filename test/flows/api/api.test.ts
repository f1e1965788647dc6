import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { secretOf, signatureHeaders } from '../../support/api/sign.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork, Post } from '../../support/flow/flow-network.ts';

const run = promisify(execFile);
const oldSecret = secretOf('the secret that goes out of use');
const newSecret = secretOf('the secret that comes into use');
const strangersSecret = secretOf('the secret of somebody else entirely');

describe('what a caller is answered', () => {
  let flow: Flow;
  let acme: FlowNetwork;

  beforeAll(async () => {
    flow = await startFlow({
      networks: {
        acme: {},
        unread: {},
        faulty: { secret: { RELAY_SECRET: 'whsec_too-short' } },
        rotating: { secret: { RELAY_SECRET: `${newSecret} ${oldSecret}` } },
      },
    });
    acme = flow.network('acme');
  });

  afterAll(() => closeFlow(flow));

  const problem = (status: number, type: string) => ({
    type,
    title: expect.any(String),
    status,
    detail: expect.any(String),
  });

  const expectProblem = async (answer: Response, status: number, type: string) => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toEqual(problem(status, type));
  };

  const expectUnavailable = async (answer: Response) => {
    expect(answer.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await expectProblem(answer, 503, 'unavailable');
  };

  /** Any text, well signed. */
  const signed = (body: string, nowMs = Date.now()): Post => ({
    body,
    headers: {
      'content-type': 'application/json',
      ...signatureHeaders(body, { secrets: [acme.secret.RELAY_SECRET ?? ''], id: 'msg_signed', nowMs }),
    },
  });

  describe('202', () => {
    test('a newer update is accepted, the same one a duplicate, an older one superseded', async () => {
      const domain = 'words.acme-bikes.com';
      const at = new Date(Date.now() - 60_000);
      const older = new Date(Date.now() - 120_000);
      const update = { id: 'msg_word', timestamp: at };
      const common = {
        network: 'acme',
        domain,
        latest: at.toISOString(),
        statusUrl: `${flow.url}/acme/domains/${domain}`,
      };
      for (const [sending, id, status] of [
        [update, 'msg_word', 'accepted'],
        [update, 'msg_word', 'duplicate'],
        [{ id: 'msg_older', timestamp: older }, 'msg_older', 'superseded'],
      ] as const) {
        const answer = await acme.send('domain.added', { domain }, sending);
        expect(answer.status).toBe(202);
        expect(answer.headers.get('content-type')).toMatch(/^application\/json\b/);
        expect(await answer.json()).toEqual({ ...common, id, status });
      }
    });

    test('a certificate is wanted for under the same rule, and never for a domain that is to be absent', async () => {
      const domain = 'secure.acme-bikes.com';
      const event = acme.event('domain.ssl_retry', { domain, reason: 'dns_ready' });
      for (const status of ['accepted', 'duplicate']) {
        const answer = await acme.post('/ssl-retry', event);
        expect([answer.status, await answer.json()]).toEqual([202, expect.objectContaining({ status })]);
      }
      await acme.stands(domain, { wanted: 'present', state: 'present' });
      await acme.remove(domain);
      const late = await acme.send('domain.ssl_retry', { domain });
      expect([late.status, await late.json()]).toEqual([
        202,
        expect.objectContaining({ status: 'superseded' }),
      ]);
      await acme.settles(domain, { wanted: 'absent', state: 'absent' });
    });

    test('the built-in webhook is let in by its token; a replay revives nothing that was removed since', async () => {
      const domain = 'built-in.acme-bikes.com';
      const created = new Date(Date.now() - 60_000).toISOString().slice(0, 19);
      const body = JSON.stringify({
        domain_id: 61,
        domain_domain: domain,
        domain_date_created: created.replace('T', ' '),
        customer_user_email: 'customer@acme-bikes.com',
      });
      const call = { body, headers: { 'content-type': 'application/json' } };
      const hook = `/hooks/${acme.secret.RELAY_HOOK_TOKEN}/domain-created`;
      const answer = await acme.post(hook, call);
      expect(answer.status).toBe(202);
      expect(await answer.json()).toMatchObject({
        id: 'wu-61',
        status: 'accepted',
        latest: `${created}.000Z`,
      });
      await acme.settles(domain, { state: 'present', domainId: 61 });
      await acme.remove(domain);
      const replay = await acme.post(hook, call);
      expect([replay.status, await replay.json()]).toEqual([
        202,
        expect.objectContaining({ status: 'superseded' }),
      ]);
      await acme.settles(domain, { state: 'absent' });
      expect(flow.lines.filter((line) => line.includes('customer@'))).toEqual([]);
    });
  });

  test('200: the test event of the built-in webhook gets one sentence and changes nothing', async () => {
    const body = JSON.stringify({
      domain_id: 0,
      domain_domain: 'example.com',
      domain_date_created: null,
      site_title: 'Example Site',
    });
    const answer = await acme.post(`/hooks/${acme.secret.RELAY_HOOK_TOKEN}/domain-created`, {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await answer.text()).toMatch(/^Accepted: .+\.$/);
    expect(await acme.domain('example.com')).toBeUndefined();
  });

  describe('400, with the issues by their paths', () => {
    const at = (seconds: number) => new Date(Date.now() + seconds * 1_000).toISOString();
    const event = (part: object) =>
      JSON.stringify({
        type: 'domain.added',
        timestamp: at(0),
        data: { domain: 'a.acme-bikes.com' },
        ...part,
      });

    test.each([
      { type: 'not-json', path: '', body: () => '{"type": "domain.added",' },
      { type: 'bad-shape', path: 'data', body: () => event({ data: 'shop.acme-bikes.com' }) },
      { type: 'bad-shape', path: 'timestamp', body: () => event({ timestamp: 'yesterday' }) },
      { type: 'wrong-type', path: 'type', body: () => event({ type: 'domain.removed' }) },
      { type: 'bad-domain', path: 'data.domain', body: () => event({ data: { domain: '203.0.113.7' } }) },
      {
        type: 'bad-domain',
        path: 'data.domain',
        body: () => event({ data: { domain: '*.acme-bikes.com' } }),
      },
      { type: 'bad-domain', path: 'data.domain', body: () => event({ data: { domain: 'xn--0.pt' } }) },
      { type: 'too-new', path: 'timestamp', body: () => event({ timestamp: at(301 + 30) }) },
      { type: 'too-old', path: 'timestamp', body: () => event({ timestamp: at(-30 * 86_400 - 30) }) },
    ])('$type at "$path"', async ({ type, path, body }) => {
      const answer = await acme.post('/domain-added', signed(body()));
      expect(answer.status).toBe(400);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await answer.json()).toEqual({
        ...problem(400, type),
        issues: [{ path, message: expect.any(String) }],
      });
    });
  });

  test('401: the very same bytes for an unknown network and for every kind of bad signature and token', async () => {
    const domain = 'nobody.acme-bikes.com';
    const good = () => acme.event('domain.added', { domain });
    const without = (header: string) => {
      const { body, headers } = good();
      return {
        body,
        headers: Object.fromEntries(Object.entries(headers).filter(([name]) => name !== header)),
      };
    };
    const spoilt = (headers: Record<string, string>) => ({
      ...good(),
      headers: { ...good().headers, ...headers },
    });
    const body = good().body;
    const plain = { body, headers: { 'content-type': 'application/json' } };
    const elsewhere = (path: string, { headers, body: sent }: Post) =>
      fetch(flow.url + path, { method: 'POST', headers, body: sent });

    const answers = await Promise.all([
      elsewhere('/nobody/domain-added', good()),
      elsewhere('/Not_A_Name/domain-added', good()),
      elsewhere('/rotating/domain-added', good()),
      acme.post('/domain-added', plain),
      acme.post('/domain-added', without('webhook-id')),
      acme.post('/domain-added', without('webhook-timestamp')),
      acme.post('/domain-added', without('webhook-signature')),
      acme.post('/domain-added', spoilt({ 'webhook-id': 'msg_other' })),
      acme.post('/domain-added', spoilt({ 'webhook-signature': 'v1,' })),
      acme.post('/domain-added', { ...good(), body: body.replace('nobody', 'somebody') }),
      acme.post('/domain-added', acme.event('domain.added', { domain }, { secrets: [strangersSecret] })),
      acme.post('/domain-added', signed(body, Date.now() - 310_000)),
      acme.post('/domain-added', signed(body, Date.now() + 900_000)),
      acme.post(`/hooks/${'x'.repeat(40)}/domain-created`, plain),
      elsewhere(`/nobody/hooks/${'x'.repeat(40)}/domain-created`, plain),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 401));
    const types = new Set(answers.map(({ headers }) => headers.get('content-type')));
    expect(types).toEqual(new Set(['application/problem+json']));
    const bodies = new Set(await Promise.all(answers.map((answer) => answer.text())));
    expect(bodies.size).toBe(1);
    expect(JSON.parse([...bodies].join(''))).toEqual(problem(401, 'unauthorized'));
    expect(await acme.domain(domain)).toBeUndefined();
  });

  test('404: an unknown route gets the gateway’s own answer', async () => {
    const answer = await acme.post('/domain-renamed', signed('{}'));
    expect(answer.status).toBe(404);
    expect(await answer.json()).toEqual({ message: 'Not Found' });
  });

  test('404: so does a path with a slash at its end, and nothing is recorded', async () => {
    const domain = 'trailing.acme-bikes.com';
    const event = acme.event('domain.added', { domain });
    for (const path of ['/domain-added/', '/domains/', `/domains/${domain}/`, '/connection/']) {
      const answer =
        path === '/domain-added/'
          ? await acme.post(path, event)
          : await fetch(`${flow.url}/acme${path}`, { headers: { authorization: 'Bearer none' } });
      expect([answer.status, await answer.json()]).toEqual([404, { message: 'Not Found' }]);
    }
    expect(await acme.domain(domain)).toBeUndefined();
  });

  test('413: one byte over 16 KiB is too large, signed or not; 16 KiB are not', async () => {
    const filled = (bytes: number) => {
      const { body } = acme.event('domain.added', { domain: 'large.acme-bikes.com', note: '' });
      return body.replace('"note":""', `"note":"${'x'.repeat(bytes - body.length)}"`);
    };
    const plain = { 'content-type': 'text/plain' };
    await expectProblem(await acme.post('/domain-added', signed(filled(16 * 1024 + 1))), 413, 'too-large');
    const unsigned = { body: filled(16 * 1024 + 1), headers: plain };
    await expectProblem(await acme.post('/domain-added', unsigned), 413, 'too-large');
    expect((await acme.post('/domain-added', signed(filled(16 * 1024)))).status).toBe(202);
  });

  test('415: plain JSON only, and before any signature is checked', async () => {
    const { body, headers } = acme.event('domain.added', { domain: 'media.acme-bikes.com' });
    for (const updateItem of [
      { 'content-type': 'text/plain' },
      { 'content-type': 'application/jsonp' },
      { 'content-encoding': 'identity' },
      { 'content-type': 'text/plain', 'webhook-signature': 'v1,' },
    ]) {
      const answer = await acme.post('/domain-added', { body, headers: { ...headers, ...updateItem } });
      await expectProblem(answer, 415, 'unsupported-media-type');
    }
    const declared = { ...headers, 'content-type': 'Application/JSON; charset=UTF-8' };
    expect((await acme.post('/domain-added', { body, headers: declared })).status).toBe(202);
  });

  test('422: a protected name, and its www', async () => {
    for (const domain of [acme.ownDomain, `www.${acme.ownDomain}`]) {
      await expectProblem(await acme.send('domain.removed', { domain }), 422, 'protected-domain');
    }
  });

  describe('503 with Retry-After', () => {
    test('when the secret of the network is faulty; the others are served', async () => {
      const faulty = flow.network('faulty');
      const sending = { secrets: [strangersSecret] };
      await expectUnavailable(await faulty.send('domain.added', { domain: 'a.acme-bikes.com' }, sending));
      await acme.add('served.acme-bikes.com');
    });

    test('when the secrets cannot be read; sending the same again is safe', async () => {
      const unread = flow.network('unread');
      const event = unread.event('domain.added', { domain: 'unread.acme-bikes.com' });
      flow.reach.secrets.always('drop');
      await expectUnavailable(await unread.post('/domain-added', event));
      expect(await unread.domain('unread.acme-bikes.com')).toBeUndefined();
      flow.reach.secrets.always(undefined);
      expect((await unread.post('/domain-added', event)).status).toBe(202);
      await unread.settles('unread.acme-bikes.com', { state: 'present' });
    });

    test('when the ledger cannot be written; sending the same again is safe', async () => {
      const event = acme.event('domain.added', { domain: 'unwritten.acme-bikes.com' });
      flow.reach.ledger.always('drop');
      await expectUnavailable(await acme.post('/domain-added', event));
      flow.reach.ledger.always(undefined);
      expect((await acme.post('/domain-added', event)).status).toBe(202);
      await acme.settles('unwritten.acme-bikes.com', { state: 'present' });
    });
  });

  describe('curl', () => {
    const curl = async (body: string, headers: Readonly<Record<string, string>>) => {
      const given = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
      const url = `${flow.url}/acme/domain-added`;
      const args = ['-sS', '-w', '\n%{http_code}', '--data-binary', body, ...given, url];
      const { stdout } = await run('curl', args);
      const [answer = '', status] = stdout.split('\n');
      return { status: Number(status), body: JSON.parse(answer) };
    };

    test('with a signature of the public package is accepted; with one changed byte it is not', async () => {
      const { body, headers } = acme.event('domain.added', { domain: 'curl.acme-bikes.com' });
      const changed = await curl(body.replace('curl.', 'curb.'), headers);
      expect(changed).toEqual({ status: 401, body: problem(401, 'unauthorized') });
      const accepted = await curl(body, headers);
      expect(accepted).toMatchObject({
        status: 202,
        body: { status: 'accepted', domain: 'curl.acme-bikes.com' },
      });
      await acme.settles('curl.acme-bikes.com', { state: 'present' });
      expect(await acme.domain('curb.acme-bikes.com')).toBeUndefined();
    });
  });

  test('while a secret is rotated both are taken; the one taken out is refused without a deploy', async () => {
    const rotating = flow.network('rotating');
    const by = async (...secrets: string[]) =>
      (await rotating.send('domain.added', { domain: 'rotating.acme-bikes.com' }, { secrets })).status;
    expect([await by(oldSecret), await by(newSecret), await by(strangersSecret, oldSecret)]).toEqual([
      202, 202, 202,
    ]);

    await rotating.changeSecret({ RELAY_SECRET: newSecret });
    // A bad signature makes the API handler ask for the secret afresh, at most once in ten seconds.
    await eventually(
      async () => expect([await by(strangersSecret), await by(oldSecret)]).toEqual([401, 401]),
      { everyMs: 500 },
    );
    expect(await by(newSecret)).toBe(202);
    expect(await by(oldSecret, newSecret)).toBe(202);
  });
});
