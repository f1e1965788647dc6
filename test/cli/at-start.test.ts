import { expect, test } from '@jest/globals';
import { atStart } from '../../cli/target/at-start.ts';

test.each([
  ['the relay on this machine', 'The relay on this machine'],
  ['stage prod', 'Stage prod'],
  ['https://relay.example.com', 'https://relay.example.com'],
])('%s begins a sentence as %s', (label, expected) => expect(atStart({ label })).toBe(expected));
