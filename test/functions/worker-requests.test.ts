import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { type CountedWorker, startCountedWorker } from '../support/sync/counted-worker.ts';

const lineSchema = z.object({
  message: z.string().optional(),
  outcome: z.string().optional(),
  runcloudCalls: z.number().optional(),
});

function itemOf(input: unknown): string {
  return z.object({ Item: z.object({ item: z.object({ S: z.string() }) }) }).parse(input).Item.item.S;
}

let worker: CountedWorker;

beforeAll(async () => {
  worker = await startCountedWorker();
  // A worker that is warm: the secret is kept, the network has its claim and the address of its server.
  await worker.record('first.example.com', 'present');
  await worker.pass('first.example.com');
});
afterAll(() => worker.close());

/** The pass over a new update, and how it left the domain. */
async function passOver(domain: string, wanted: 'present' | 'absent') {
  await worker.record(domain, wanted);
  const calls = worker.runcloudCalls();
  const requests = await worker.pass(domain);
  return {
    requests: requests.map(({ command }) => command),
    calls: worker.runcloudCalls() - calls,
    state: await worker.state(domain),
  };
}

describe('what a warm worker asks of AWS', () => {
  test('for an addition', async () => {
    const { requests, calls, state } = await passOver('shop.example.com', 'present');
    expect({ calls, state }).toEqual({ calls: 1, state: 'present' });
    expect(requests.length).toBeLessThanOrEqual(8);
  });

  test('for a removal', async () => {
    worker.advance(60_000);
    const { requests, calls, state } = await passOver('shop.example.com', 'absent');
    expect(calls).toBeLessThanOrEqual(3);
    expect(state).toBe('absent');
    expect(requests.length).toBeLessThanOrEqual(10);
  });
});

test('a pass writes its outcome, and all its calls to RunCloud in one more line for each kind of answer', async () => {
  const { record, pass, secure, advance, logged, runcloudCalls, close } = await startCountedWorker();
  const counted = async (work: () => Promise<unknown>) => {
    logged();
    const before = runcloudCalls();
    await work();
    const lines = logged().map((line) => lineSchema.parse(JSON.parse(line)));
    const written = lines.filter(({ message }) => message === undefined);
    const calls = written.reduce((sum, line) => sum + (line.runcloudCalls ?? 0), 0);
    expect(calls).toBe(runcloudCalls() - before);
    return { told: lines.length - written.length, answers: written.map(({ outcome }) => outcome) };
  };
  await record('shop.example.com', 'present');
  expect(await counted(() => pass('shop.example.com'))).toEqual({ told: 1, answers: ['2xx'] });
  advance(25_000);
  const { told, answers } = await counted(secure);
  await close();
  expect(told).toBe(2);
  expect(answers).toEqual([...new Set(answers)]);
});

test('an order takes the slots of its four calls by one write, and they follow each other at once', async () => {
  const { record, pass, secure, advance, runcloudCalls, waitedMs, close } = await startCountedWorker();
  // The server's address is read once a day.
  for (const wanted of ['present', 'absent'] as const) {
    await record('first.example.com', wanted);
    await pass('first.example.com');
    advance(25_000);
  }
  await secure();
  await record('shop.example.com', 'present');
  await pass('shop.example.com');
  advance(25_000);
  const before = { calls: runcloudCalls(), waited: waitedMs() };
  const requests = await secure();
  const after = { calls: runcloudCalls(), waited: waitedMs() };
  await close();
  expect(after).toEqual({ calls: before.calls + 4, waited: before.waited });
  const slots = requests.filter(
    ({ command, input }) => command === 'PutItem' && itemOf(input) === 'rateLimit',
  );
  expect(slots).toHaveLength(1);
});

test('a worker that sees the certificates of a burst notes their order once, and is refused no write', async () => {
  const { record, pass, secure, advance, certificate, close } = await startCountedWorker();
  const names = ['one', 'two', 'three'].map((name) => `${name}.example.com`);
  for (const name of names) await record(name, 'present');
  for (const name of names) await pass(name);
  advance(25_000);
  await secure();
  advance(31_000);
  const refused = (await secure()).filter(({ output }) => output === undefined);
  expect(await Promise.all(names.map(certificate))).toEqual(['valid', 'valid', 'valid']);
  await close();
  expect(refused).toEqual([]);
});
