import { expect, test } from '@jest/globals';
import { asSentence } from '../../cli/output/as-sentence.ts';

test.each([
  ['RunCloud refused: No.', 'RunCloud refused: No.'],
  ['RunCloud refused', 'RunCloud refused.'],
])('%j ends with one full stop', (message, expected) => expect(asSentence(message)).toBe(expected));
