import { expect, test } from '@jest/globals';
import { isOneOf, mayBeToken, SHORTEST_TOKEN } from '../../../lib/webhook/token.ts';

const first = 'first-token-of-thirty-two-characters';
const second = 'second-token-of-thirty-two-characters';

test('each of several tokens is accepted, nothing else is', () => {
  expect(isOneOf([first, second], first)).toBe(true);
  expect(isOneOf([first, second], second)).toBe(true);
  for (const wrong of ['', first.slice(1), `${first} `, `${first} ${second}`, first.toUpperCase()]) {
    expect(isOneOf([first, second], wrong)).toBe(false);
  }
});

test('without tokens no caller is admitted', () => {
  expect(isOneOf([], '')).toBe(false);
  expect(isOneOf([], first)).toBe(false);
});

test('a text that is too short for a token of a secret is none', () => {
  expect(mayBeToken('t'.repeat(SHORTEST_TOKEN))).toBe(true);
  expect(mayBeToken('t'.repeat(SHORTEST_TOKEN + 1))).toBe(true);
  expect(mayBeToken('t'.repeat(SHORTEST_TOKEN - 1))).toBe(false);
  expect(mayBeToken('')).toBe(false);
});
