import { describe, expect, test } from '@jest/globals';
import { resultOf } from '../../../../lib/sync/outcomes/verdict.ts';
import { MINUTE } from '../../../support/sync/items.ts';

describe('an answer of the receiver', () => {
  test.each([200, 202, 299])('%i has taken the outcome in', (status) => {
    expect(resultOf({ kind: 'answered', status, retryAfterMs: undefined })).toEqual({ kind: 'done' });
  });

  test.each([500, 503, 599, 408, 429])('%i passes, and says when to come again', (status) => {
    const result = resultOf({ kind: 'answered', status, retryAfterMs: MINUTE });
    expect(result).toMatchObject({
      kind: 'retry',
      failure: { code: 'callback-unavailable' },
      retryAfterMs: MINUTE,
    });
  });

  test.each([199, 300, 400, 499])('%i refuses it for good', (status) => {
    const result = resultOf({ kind: 'answered', status, retryAfterMs: MINUTE });
    expect(result).toMatchObject({ kind: 'refused', failure: { code: 'callback-refused' } });
  });

  test('that does not come passes', () => {
    expect(resultOf({ kind: 'unanswered', why: 'ECONNREFUSED' })).toMatchObject({ kind: 'retry' });
  });
});
