import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestStack, type TestStack } from '../support/stack/stack.ts';

describe('the stack on one machine, right after it is ready', () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await startTestStack();
  });

  afterAll(() => stack.close());

  test('accepts 20 calls at once', async () => {
    const domains = Array.from({ length: 20 }, (_, index) => `shop-${index}.acme-bikes.com`);
    const answers = await Promise.all(domains.map((domain) => stack.tell('domain.added', domain)));
    expect(answers.map(({ status }) => status)).toEqual(domains.map(() => 202));
  });
});
