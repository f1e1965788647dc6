import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSigningExample } from './support/api/signing-example.ts';
import { startTestStack, type TestStack } from './support/stack/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test('the TypeScript example of docs/reference/api.md announces a domain', async () => {
  expect(await runSigningExample('ts', [process.execPath], stack.url)).toMatchObject({
    network: 'acme',
    domain: 'shop.acme-bikes.com',
    status: 'accepted',
  });
});
