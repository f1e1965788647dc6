import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { secureWorld } from '../../support/certificates/secure-world.ts';
import { canary } from '../../support/flow/canary.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import { flowFiles } from '../../support/flow/flow-files.ts';

describe('the canary', () => {
  const secret = 'r3lay+secret/of=acme!';
  const bytes = Buffer.from(secret);

  test.each([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ a: `x${secret}y` })],
    ['in a URL', `/acme?token=${encodeURIComponent(secret)}&x`],
    ['in hex', `0x${bytes.toString('hex')}00`],
    ['in capital hex', bytes.toString('hex').toUpperCase()],
    ['in base64', bytes.toString('base64')],
    ['in base64 for URLs', bytes.toString('base64url')],
    ['in base64, after one byte', Buffer.from(`a${secret}`).toString('base64')],
    ['in base64, between others', Buffer.from(`ab${secret}cd`).toString('base64')],
    ['in the base64 of a pair', Buffer.from(`key:${secret}`).toString('base64url')],
  ])('knows a secret %s', (_form, text) => {
    const { watch, hush, leaks } = canary();
    hush(secret);
    watch('log', 'nothing to see');
    expect(leaks()).toEqual([]);
    watch('log', text);
    expect(leaks()).toEqual([`log: ${text}`]);
  });

  test('knows what signs and what is signed without being told', () => {
    const { watch, leaks } = canary();
    watch('answer', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    watch('queue', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    watch('log', 'whsec_ is how a secret begins, and v1, a signature');
    expect(leaks()).toHaveLength(2);
  });

  test('does not take what is met by chance for a secret', () => {
    const { watch, hush, leaks } = canary();
    hush('short', '');
    watch('log', 'a short line');
    expect(leaks()).toEqual([]);
  });
});

describe('what is planted in a flow', () => {
  let flow: Flow;

  beforeAll(async () => {
    flow = await startFlow({ networks: { acme: {}, 'told-apart': {} } });
  });
  afterAll(() => flow.close());

  test('is found in the log, in answers, in the ledger, on the queue and at RunCloud', async () => {
    // A name that spells the token goes everywhere a name goes, and nothing of ours can know that it is one.
    const acme = flow.network('acme');
    const name = `${acme.secret.WU_RUNCLOUD_API_TOKEN}.example.com`;
    await acme.add('harmless.example.com');
    await acme.settles('harmless.example.com', { state: 'present' });
    expect(flow.leaks()).toEqual([]);

    await acme.add(name);
    await acme.settles(name, { state: 'present' });
    await flow.close();
    const places = new Set(flow.leaks().map((leak) => leak.split(':')[0]));
    expect([...places].sort()).toEqual(['RunCloud', 'answer', 'dynamo', 'log', 'sqs']);
  });
});

test('what is planted among certificates is found in the log, in answers, in the ledger, in dead letters and at RunCloud', async () => {
  const world = await secureWorld({ switches: { sslIssue: 'fails-422' } });
  const name = `${world.secret.WU_RUNCLOUD_API_TOKEN}.example.com`;
  world.pointHere('harmless.example.com', name);
  await world.add('harmless.example.com');
  await world.stands('harmless.example.com', { state: 'failed' });
  expect(world.leaks()).toEqual([]);

  await world.add(name);
  await world.stands(name, { state: 'failed' });
  await world.status(name);
  await world.close();
  const places = new Set(world.leaks().map((leak) => leak.split(':')[0]));
  expect([...places].sort()).toEqual(['RunCloud', 'answer', 'dead-letter', 'ledger', 'log']);
});

test('every flow is held to it: what is started is ended by closeFlow or closeWorlds', () => {
  const files = flowFiles().filter(({ path }) => path !== 'api/leaks.test.ts');
  const count = (text: string, update: string) => text.split(update).length - 1;
  const careless = files.filter(({ text }) => {
    const flows = count(text, 'startFlow(');
    const hasWorlds = text.includes('secureWorld');
    if (flows === 0 && !hasWorlds) return true;
    if (hasWorlds && !text.includes('afterEach(closeWorlds);')) return true;
    return flows !== count(text, 'closeFlow(');
  });
  expect(files.length).toBeGreaterThan(20);
  expect(careless.map(({ path }) => path)).toEqual([]);
});
