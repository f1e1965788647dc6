import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { secretsManager, secretsManagerClient } from '../../../lib/aws/secrets.ts';
import { secretOf, secretsContract } from '../../contracts/secrets.ts';
import { manualClock } from '../../doubles/manual-clock.ts';
import { patient } from '../../support/aws/patient.ts';
import { scriptedAws } from '../../support/aws/scripted-aws.ts';
import { type LocalSecrets, secretPrefix, startSecrets } from '../../support/aws/secrets-manager.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';

let aws: LocalSecrets;

beforeAll(async () => {
  aws = await startSecrets();
});
afterAll(() => aws.close());

const fresh = { fresh: true };

/** Secrets Manager with one right secret, and a clock that stands still. */
function setUp(prefix = secretPrefix) {
  for (const network of Object.keys(aws.secrets)) delete aws.secrets[network];
  aws.secrets.default = secretOf('7');
  aws.server.fail(undefined);
  const clock = manualClock(1_000_000);
  const before = aws.server.calls();
  return {
    clock,
    secrets: secretsManager({ client: aws.client, prefix, clock, pick: (settings) => settings }),
    calls: () => aws.server.calls() - before,
  };
}

secretsContract('the secrets in Secrets Manager', async () => {
  const { secrets, clock } = setUp();
  return {
    secrets,
    put: async (network, secret) => {
      aws.secrets[network] = secret;
    },
    later: () => clock.advance(10_000),
  };
});

test('an answer is kept for five minutes', async () => {
  const { secrets, clock, calls } = setUp();
  await secrets.settings('default');
  await clock.advance(299_999);
  await secrets.settings('default');
  expect(calls()).toBe(1);
  await clock.advance(1);
  await secrets.settings('default');
  expect(calls()).toBe(2);
});

test('a fresh read asks again, at most once in ten seconds for a network', async () => {
  const { secrets, clock, calls } = setUp();
  aws.secrets.second = secretOf('8');
  await secrets.settings('default', fresh);
  await clock.advance(9_999);
  await secrets.settings('default', fresh);
  expect(calls()).toBe(1);
  await secrets.settings('second', fresh);
  await clock.advance(1);
  await secrets.settings('default', fresh);
  expect(calls()).toBe(3);
});

test('an ordinary read a moment ago does not keep a caller from asking for a fresh one', async () => {
  const { secrets, clock, calls } = setUp();
  await secrets.settings('default');
  aws.secrets.default = secretOf('8');
  await clock.advance(1);
  expect((await secrets.settings('default', fresh))?.serverId).toBe('8');
  await clock.advance(9_999);
  await secrets.settings('default', fresh);
  expect(calls()).toBe(2);
});

test('callers at the same time share one call', async () => {
  const { secrets, calls } = setUp();
  await Promise.all([
    secrets.settings('default'),
    secrets.settings('default', fresh),
    secrets.settings('default'),
  ]);
  expect(calls()).toBe(1);
});

test('an unknown network is remembered for a minute', async () => {
  const { secrets, clock, calls } = setUp();
  expect(await secrets.settings('nobody')).toBeUndefined();
  await clock.advance(59_999);
  expect(await secrets.settings('nobody')).toBeUndefined();
  expect(calls()).toBe(1);
  aws.secrets.nobody = secretOf('9');
  await clock.advance(1);
  expect((await secrets.settings('nobody'))?.serverId).toBe('9');
});

test('of the unknown networks a thousand are remembered, and no known one is forgotten for them', async () => {
  const { secrets, calls } = setUp();
  await secrets.settings('default');
  for (let index = 0; index <= 1_000; index += 1) await secrets.settings(`nobody-${index}`);
  expect(calls()).toBe(1_002);
  await secrets.settings('default');
  await secrets.settings('nobody-1');
  await secrets.settings('nobody-1000');
  expect(calls()).toBe(1_002);
  await secrets.settings('nobody-0');
  expect(calls()).toBe(1_003);
});

test('names that callers make up cost ten reads a minute, and beyond them a time to come back', async () => {
  const { clock, calls } = setUp();
  const pick = ({ serverId }: { readonly serverId: string }) => serverId;
  const secrets = secretsManager({ client: aws.client, prefix: secretPrefix, clock, pick, limited: true });
  expect(await secrets.settings('default')).toBe('7');
  for (let index = 0; index < 10; index += 1) {
    await clock.advance(1_000);
    expect(await secrets.settings(`nobody-${index}`)).toBeUndefined();
  }
  expect(calls()).toBe(11);
  const beyond = { name: 'Unavailable', what: 'secrets', retryAfterMs: 51_000 };
  aws.secrets.second = secretOf('8');
  await expect(secrets.settings('nobody-10')).rejects.toMatchObject(beyond);
  // It may exist: only a read could tell.
  await expect(secrets.settings('second')).rejects.toMatchObject(beyond);
  // What was read is known, and a known network is read again whenever that is due.
  expect(await secrets.settings('nobody-9', fresh)).toBeUndefined();
  aws.secrets.default = secretOf('9');
  await clock.advance(10_000);
  expect(await secrets.settings('default', fresh)).toBe('9');
  expect(calls()).toBe(12);
  await clock.advance(41_000);
  expect(await secrets.settings('second')).toBe('8');
});

test('networks that exist are read, however many there are', async () => {
  const { clock } = setUp();
  const secrets = secretsManager({
    client: aws.client,
    prefix: secretPrefix,
    clock,
    pick: () => 1,
    limited: true,
  });
  const names = Array.from({ length: 30 }, (_, index) => `shop-${index}`);
  for (const name of names) aws.secrets[name] = secretOf();
  for (const name of names) expect(await secrets.settings(name)).toBe(1);
});

test.each(['', 'Default', 'a/b', '../prod/default', 'a_b', 'a'.repeat(33)])(
  'what cannot be a network is not asked for: %j',
  async (name) => {
    const { secrets, calls } = setUp();
    expect(await secrets.settings(name)).toBeUndefined();
    expect(calls()).toBe(0);
  },
);

test('a prefix works with a slash at its end and without', async () => {
  const { secrets } = setUp(secretPrefix.slice(0, -1));
  expect((await secrets.settings('default'))?.serverId).toBe('7');
});

test.each(['throttling', 'internal'] as const)(
  'a call that ends with %s is an outage: no old answer is served, and nothing is kept of it',
  async (fault) => {
    const { secrets, clock } = setUp();
    await secrets.settings('default');
    await clock.advance(10_000);
    aws.server.fail(fault);
    const unavailable = expect.objectContaining({ name: 'Unavailable', what: 'secrets' });
    await expect(secrets.settings('default', fresh)).rejects.toEqual(unavailable);
    await expect(secrets.settings('default')).rejects.toEqual(unavailable);
    aws.server.fail(undefined);
    expect((await secrets.settings('default'))?.serverId).toBe('7');
  },
);

test.each([
  ['access-denied', 'may not be read by this function'],
  ['scheduled-for-deletion', 'is scheduled for deletion'],
  ['decryption-failure', 'cannot be decrypted'],
] as const)(
  'a secret that meets %s is a faulty one: it pauses its network, and asking again does not help',
  async (fault, updates) => {
    const { secrets, clock } = setUp();
    await secrets.settings('default');
    await clock.advance(10_000);
    aws.server.fail(fault);
    const faulty = expect.objectContaining({
      name: 'InvalidSecret',
      code: 'secret-invalid',
      keys: [],
      message: expect.stringContaining(updates),
    });
    await expect(secrets.settings('default', fresh)).rejects.toEqual(faulty);
    aws.server.fail(undefined);
    await clock.advance(10_000);
    expect((await secrets.settings('default'))?.serverId).toBe('7');
  },
);

test('an answer that takes too long is an outage', async () => {
  // Of its own: what it is asked for again may arrive when this test is over.
  const slow = await startSecrets();
  slow.server.delay(5_000);
  const client = secretsManagerClient({ endpoint: slow.server.endpoint, requestTimeoutMs: 300 });
  const secrets = secretsManager({ client, prefix: secretPrefix, clock: manualClock(), pick: () => 1 });
  await expect(secrets.settings('default')).rejects.toMatchObject({ name: 'Unavailable', what: 'secrets' });
  client.destroy();
  await slow.close();
});

test('a faulty secret is read again within ten seconds, because an operator is fixing it', async () => {
  const { secrets, clock, calls } = setUp();
  aws.secrets.default = { ...secretOf(), RELAY_SECRET: 'private' };
  const faulty = expect.objectContaining({ name: 'InvalidSecret', keys: ['RELAY_SECRET'] });
  await expect(secrets.settings('default')).rejects.toEqual(faulty);
  await clock.advance(9_999);
  await expect(secrets.settings('default', fresh)).rejects.toEqual(faulty);
  expect(calls()).toBe(1);
  aws.secrets.default = secretOf('8');
  await clock.advance(1);
  expect((await secrets.settings('default'))?.serverId).toBe('8');
});

test('a secret that was spoiled while an old answer was kept is faulty at the next read', async () => {
  const { secrets, clock } = setUp();
  await secrets.settings('default');
  aws.secrets.default = 'not JSON';
  await clock.advance(10_000);
  await expect(secrets.settings('default', fresh)).rejects.toMatchObject({ name: 'InvalidSecret', keys: [] });
  await expect(secrets.settings('default')).rejects.toMatchObject({ name: 'InvalidSecret' });
});

test('a secret whose answer was lost is read once more', async () => {
  setUp();
  const proxy = await startFaultyProxy(aws.server.endpoint);
  const client = secretsManagerClient({ endpoint: proxy.endpoint, ...patient });
  const secrets = secretsManager({ client, prefix: secretPrefix, clock: manualClock(), pick: (it) => it });
  proxy.next('lose-answer');
  expect((await secrets.settings('default'))?.serverId).toBe('7');
  expect(proxy.seen).toEqual(['lose-answer', undefined]);
  client.destroy();
  await proxy.close();
});

test('a secret stored as bytes is a faulty one', async () => {
  const script = await scriptedAws(() => ({ status: 200, body: { SecretBinary: 'AAEC' } }));
  const client = secretsManagerClient({ endpoint: script.endpoint, ...patient });
  const secrets = secretsManager({ client, prefix: secretPrefix, clock: manualClock(), pick: () => 1 });
  await expect(secrets.settings('default')).rejects.toMatchObject({ name: 'InvalidSecret' });
  client.destroy();
  await script.close();
});

test('what a function does not pick is not kept', async () => {
  setUp();
  const secrets = secretsManager({
    client: aws.client,
    prefix: secretPrefix,
    clock: manualClock(),
    pick: ({ serverId }) => ({ serverId }),
  });
  expect(await secrets.settings('default')).toEqual({ serverId: '7' });
});
