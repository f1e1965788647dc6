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
