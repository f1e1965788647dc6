import { describe, expect, test } from '@jest/globals';
import { standingOf } from '../../../cli/client/standing.ts';

const soon = '2026-11-21T05:00:00.000Z';

function domain(
  hosting: readonly [state: string, nextTryAt: string | null],
  certificate: readonly [state: string, nextTryAt: string | null],
) {
  return {
    domain: 'shop.acme-bikes.com',
    wanted: 'present',
    hosting: { state: hosting[0], reason: null, since: soon, nextTryAt: hosting[1] },
    certificate: {
      state: certificate[0],
      reason: null,
      fix: null,
      nextTryAt: certificate[1],
      notAfter: null,
    },
  };
}

describe('what a domain is to the person who waits for it', () => {
  test.each([
    ['done', domain(['present', null], ['valid', null])],
    ['done', domain(['absent', null], ['none', null])],
    // A valid certificate that is about to expire is renewed: visitors see nothing of it.
    ['done', domain(['present', null], ['valid', soon])],
    ['open', domain(['present', soon], ['valid', null])],
    ['open', domain(['pending', soon], ['none', null])],
    ['open', domain(['present', null], ['requested', soon])],
    ['open', domain(['paused', null], ['none', null])],
    ['open', domain(['present', null], ['a state of a newer relay', null])],
    ['waiting-dns', domain(['present', null], ['waiting-dns', soon])],
    ['waiting-dns', domain(['parked', null], ['waiting-dns', soon])],
    ['open', domain(['pending', soon], ['waiting-dns', soon])],
    ['failed', domain(['failed', null], ['none', null])],
    ['failed', domain(['present', null], ['failed', soon])],
  ])('%s: %j', (standing, view) => {
    expect(standingOf(view)).toBe(standing);
  });
});
