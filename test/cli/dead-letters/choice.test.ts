import { describe, expect, test } from '@jest/globals';
import { choiceOf } from '../../../cli/actions/dead-letters/choice.ts';
import type { QueuedDeadLetter } from '../../../cli/actions/dead-letters/dead-letter.ts';

function deadLetter(code: string | null): QueuedDeadLetter {
  return {
    id: '1',
    queue: 'domain',
    network: 'acme',
    domain: 'shop.example.com',
    code,
    reason: null,
    firstFailure: null,
    lastFailure: null,
    body: '{}',
  };
}

describe('--code', () => {
  test('takes the code that the list shows, also of a dead letter that the relay did not write', () => {
    const unwritten = choiceOf({ code: 'no-outcome' });
    expect(unwritten(deadLetter(null))).toBe(true);
    expect(unwritten(deadLetter('runcloud-refused'))).toBe(false);
    const refused = choiceOf({ code: 'runcloud-refused' });
    expect(refused(deadLetter('runcloud-refused'))).toBe(true);
    expect(refused(deadLetter(null))).toBe(false);
  });
});
