import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSigningExample } from '../../support/api/signing-example.ts';
import { startTestStack, type TestStack } from '../../support/stack/stack.ts';

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack.close());

test.each([
  ['sh', 'bash'],
  ['php', 'php'],
] as const)('the example of docs/reference/api.md in %s announces a domain', async (language, program) => {
  expect(await runSigningExample(language, [program], stack.url)).toMatchObject({
    network: 'acme',
    domain: 'shop.acme-bikes.com',
  });
});
