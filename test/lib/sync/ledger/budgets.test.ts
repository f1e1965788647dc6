import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { callAws } from '../../../../lib/aws/call-aws.ts';
import { sdkOptions } from '../../../../lib/aws/sdk-options.ts';
import { ORDER_NEEDS_MS } from '../../../../lib/certificates/session.ts';
import { AFTER_CALL_MS, AWS_CALL_MS, CHANGE_MS } from '../../../../lib/sync/ledger/budgets.ts';
import { domainDelays } from '../../../../lib/sync/ledger/delays.ts';

/** The timeout of a function in serverless.yml. */
async function timeoutMsOf(name: string): Promise<number> {
  const yml = await readFile(new URL('../../../../serverless.yml', import.meta.url), 'utf8');
  const found = new RegExp(`handler: functions/${name}\\.handler[^]*?timeout: (\\d+)`).exec(yml);
  return Number(found?.[1]) * 1_000;
}

test('what is kept after a call to RunCloud holds a call to the ledger that fails, and the change that ends the pass', () => {
  expect(AFTER_CALL_MS).toBe(AWS_CALL_MS + CHANGE_MS);
  expect(CHANGE_MS).toBe(2 * AWS_CALL_MS);
});

test('a call to AWS has time for two tries that hang', () => {
  const { requestHandler, maxAttempts } = sdkOptions();
  expect(maxAttempts).toBeGreaterThan(2);
  expect(AWS_CALL_MS).toBeGreaterThan(2 * requestHandler.requestTimeout);
});

test('a call to AWS can be ended with all its tries', async () => {
  const signal = await callAws('ledger', async ({ abortSignal }) => abortSignal);
  expect(signal).toBeInstanceOf(AbortSignal);
  expect(signal.aborted).toBe(false);
});

test('the last pass of a call has time to give back a lease whose write got no answer', () => {
  const { firstMs } = domainDelays(30_000);
  expect(firstMs).toBeGreaterThan(CHANGE_MS + CHANGE_MS);
});

test('each worker has time for its longest call after it has begun', async () => {
  expect(await timeoutMsOf('secure-domains')).toBeGreaterThan(ORDER_NEEDS_MS + 2 * CHANGE_MS);
  expect(await timeoutMsOf('sync-domain')).toBeGreaterThan(30_000 + AFTER_CALL_MS + 2 * CHANGE_MS);
});
