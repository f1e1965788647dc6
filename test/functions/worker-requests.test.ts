import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CountedWorker, startCountedWorker } from '../support/sync/counted-worker.ts';

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
