import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { problemTexts } from '../../../functions/http/problem.ts';
import { localDynamo } from '../../../local/aws/clients.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import { flowFiles } from '../../support/flow/flow-files.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

let flow: Flow;
let acme: FlowNetwork;

beforeAll(async () => {
  flow = await startFlow({ networks: { acme: {}, sibling: {} } });
  acme = flow.network('acme');
  await acme.add('shop.acme-bikes.com');
  await acme.settles('shop.acme-bikes.com', { state: 'present' });
});

afterAll(() => closeFlow(flow));

function get(path: string, token = acme.secret.RELAY_READ_TOKEN ?? '') {
  return fetch(`${flow.url}/acme${path}`, { headers: { authorization: `Bearer ${token}` } });
}

function problem(status: number, type: string) {
  return {
    type,
    title: expect.any(String),
    status,
    detail: expect.any(String),
  };
}

async function expectProblem(answer: Response, status: number, type: string, more: object = {}) {
  expect([answer.status, await answer.json()]).toEqual([status, { ...problem(status, type), ...more }]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
}

describe('a read', () => {
  test.each([
    { path: '/domains?limit=0', field: 'limit' },
    { path: '/domains?limit=101', field: 'limit' },
    { path: '/domains?limit=many', field: 'limit' },
    { path: '/domains?state=lost', field: 'state' },
    { path: '/domains?cursor=shop.acme-bikes.com', field: 'cursor' },
    { path: '/domains/shop.acme-bikes.com?live=yes', field: 'live' },
  ])('400: $path names the field that is wrong', async ({ path, field }) => {
    const issues = [{ path: field, message: expect.any(String) }];
    await expectProblem(await get(path), 400, 'bad-query', { issues });
  });

  test.each(['/domains/nobody.acme-bikes.com', '/domains/192.0.2.1', '/domains/not%20a%20name'])(
    '404: %s is not known',
    async (path) => {
      await expectProblem(await get(path), 404, 'not-found');
    },
  );

  test('only a caller with the token gets a 404: every other gets the same 401, whether the domain exists or not', async () => {
    const stranger = flow.network('sibling').secret.RELAY_READ_TOKEN;
    const paths = ['/domains/shop.acme-bikes.com', '/domains/nobody.acme-bikes.com', '/domains?limit=0'];
    const bodies = new Set<string>();
    for (const path of [...paths, '/domains', '/connection']) {
      const answer = await get(path, stranger);
      expect(answer.status).toBe(401);
      bodies.add(await answer.text());
    }
    expect(bodies.size).toBe(1);
    expect(JSON.parse([...bodies].join(''))).toEqual(problem(401, 'unauthorized'));
  });
});

describe('an item of the ledger that a hand in the table has spoiled', () => {
  const domain = 'spoilt.acme-bikes.com';
  const TableName = 'LedgerTable';
  const key = { network: { S: 'acme' }, item: { S: `domain#${domain}` } };

  let dynamo: ReturnType<typeof localDynamo>;

  beforeAll(() => {
    dynamo = localDynamo(flow.endpoints.dynamo, 'eu-west-1');
  });
  afterAll(() => dynamo.destroy());

  test('503: events and reads about it are put off, without details; once repaired, the same event is accepted', async () => {
    const Item = { ...key, writes: { N: '1' }, domain: { S: domain }, wanted: { S: 'sideways' } };
    await dynamo.send(new PutItemCommand({ TableName, Item }));
    const update = acme.event('domain.added', { domain });
    const calls = [
      () => acme.post('/domain-added', update),
      () => acme.post('/domain-removed', acme.event('domain.removed', { domain })),
      () => acme.post('/ssl-retry', acme.event('domain.ssl_retry', { domain, reason: 'manual' })),
      () => get(`/domains/${domain}`),
      () => get(`/domains/${domain}?live=1`),
    ];
    for (const call of calls) {
      const answer = await call();
      expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
      await expectProblem(answer, 503, 'unavailable');
    }
    const unreadable = flow.lines.filter((line) => line.includes('"item cannot be read"'));
    expect(unreadable).toHaveLength(calls.length);
    for (const line of unreadable) {
      expect(line).toContain('UnreadableItem');
      expect(line).not.toContain('sideways');
    }
    // The others are served meanwhile, and a list names what it cannot show.
    expect((await get('/domains/shop.acme-bikes.com')).status).toBe(200);
    const list = await get('/domains');
    expect([list.status, await list.json()]).toEqual([
      200,
      {
        network: 'acme',
        domains: [expect.objectContaining({ domain: 'shop.acme-bikes.com' })],
        unreadable: [domain],
        cursor: null,
      },
    ]);

    await dynamo.send(new DeleteItemCommand({ TableName, Key: key }));
    expect((await acme.post('/domain-added', update)).status).toBe(202);
    await acme.settles(domain, { state: 'present' });
  });
});

test('500: a call that the ledger finds invalid is a bug, and its details are not shown', async () => {
  flow.reach.ledger.always('invalid');
  const answer = await get('/domains/shop.acme-bikes.com');
  flow.reach.ledger.always(undefined);
  await expectProblem(answer, 500, 'internal-error');
});

test('every problem there is, is met in some flow', () => {
  const problems = Object.entries(problemTexts).map(([type, { status }]) => ({
    type,
    status: String(status),
  }));
  expect(problems).toHaveLength(14);
  const flows = flowFiles();
  // The same words are codes and reasons too: what counts is that an answer of this status is expected, by `problem` and
  // `expectProblem` or, at 400, by a row of what is posted with the place that the issue names.
  const expectation = ({ type, status }: (typeof problems)[number]) =>
    new RegExp(
      `roblem\\([^;]*\\b${status}, '${type}'${status === '400' ? `|\\{\\s*type: '${type}',\\s*path: ` : ''}`,
    );
  const isMet = (one: (typeof problems)[number]) => flows.some(({ text }) => expectation(one).test(text));
  expect(problems.filter((one) => !isMet(one))).toEqual([]);
});
