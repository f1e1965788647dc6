import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { SecretMissing } from '../../../../lib/sync/ledger/errors.ts';
import type { DelayedMessage } from '../../../../lib/sync/ledger/ports.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { memoryQueue } from '../../../doubles/queue.ts';
import { answer, apiWorld, json, nowMs, signedCall } from '../../../support/api/api-world.ts';
import { apis, domain } from './apis.ts';

describe.each(apis)('$name', ({ name, receive, body }) => {
  const unavailable = {
    type: 'unavailable',
    title: 'Temporarily unavailable',
    status: 503,
    detail: 'Nothing was confirmed; sending the same again is safe',
  };
  const fail = (error: unknown) => () => Promise.reject(error);
  const ledgerWithout = (...calls: readonly ('read' | 'write' | 'create')[]) => {
    const away = calls.map((call) => [call, fail(new Unavailable('ledger'))]);
    return { ...memoryLedger(), ...Object.fromEntries(away) };
  };

  test.each([
    ['the secrets are', { secrets: { settings: fail(new Unavailable('secrets')) } }],
    [
      'the secret is faulty, so it is',
      { secrets: { settings: fail(new SecretMissing('RELAY_SECRET is missing')) } },
    ],
    ['the ledger is', { ledger: ledgerWithout('read', 'create') }],
    ['the ledger cannot be written, so it is', { ledger: ledgerWithout('write', 'create') }],
    ['the queue is', { queue: { ...memoryQueue(), send: fail(new Unavailable('queue')) } }],
    [
      'a message was not accepted, so the queue is',
      { queue: { ...memoryQueue(), send: async (messages: readonly DelayedMessage[]) => [...messages] } },
    ],
  ] as const)('%s out of reach: 503 and a time to come back', async (_what, part) => {
    const { services } = apiWorld(part);
    const reply = await answer(receive, signedCall(name, { body }), services);
    expect(reply).toMatchObject({
      statusCode: 503,
      headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '10' },
    });
    expect(json(reply)).toStrictEqual(unavailable);
  });

  test('an update whose message failed is kept and open, and a repeat finishes it', async () => {
    const world = apiWorld();
    const broken = { ...world.services, queue: { ...world.queue, send: fail(new Unavailable('queue')) } };
    expect((await answer(receive, signedCall(name, { body }), broken)).statusCode).toBe(503);
    expect(world.ledger.all('domain')).toMatchObject([{ domain, dueAt: nowMs }]);
    expect((await answer(receive, signedCall(name, { body }), world.services)).statusCode).toBe(202);
    expect(world.queue.sent).toHaveLength(1);
  });

  test('a call that would be cut off is answered before: 503', async () => {
    const { services } = apiWorld({ secrets: { settings: () => new Promise(() => undefined) } });
    const reply = await answer(receive, signedCall(name, { body }), services, 501);
    expect(json(reply)).toStrictEqual(unavailable);
  });

  test('a bug is 500 and shows nothing', async () => {
    const world = apiWorld({ secrets: { settings: fail(new TypeError('inside knowledge')) } });
    const reply = await answer(receive, signedCall(name, { body }), world.services);
    expect(reply.statusCode).toBe(500);
    expect(reply.body).not.toContain('inside');
    expect(json(reply)).toStrictEqual({
      type: 'internal-error',
      title: 'Internal error',
      status: 500,
      detail: expect.any(String),
    });
    expect(world.lines).toHaveLength(1);
    expect(JSON.parse(world.lines[0] ?? '')).toMatchObject({ level: 'ERROR', error: { name: 'TypeError' } });
  });
});
