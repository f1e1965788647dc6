import { describe, expect, test } from '@jest/globals';
import { mayServeWww, type Points, wwwToServe } from '../../../../../lib/sync/ledger/domains/www.ts';

test.each([
  ['shop.example', true, true],
  ['shop.example', false, false],
  ['www.shop.example', true, false],
  ['www.shop.example', false, false],
  ['wwwshop.example', true, true],
])('%s, www wanted %s: may be served with one is %s', (domain, www, may) => {
  expect(mayServeWww({ domain, www })).toBe(may);
});

describe('www. is served', () => {
  test.each<[Points, boolean]>([
    ['here', true],
    ['proxied', true],
    ['elsewhere', false],
    ['none', false],
  ])('where it points %s: %s, whatever was served before', (points, serve) => {
    for (const served of [true, false, null]) expect(wwwToServe(points, served)).toBe(serve);
  });

  test.each([
    [true, true],
    [false, false],
    [null, false],
  ])('without an answer, and served %s before: %s', (served, serve) => {
    expect(wwwToServe('unanswered', served)).toBe(serve);
  });
});
