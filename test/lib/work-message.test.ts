import { expect, test } from '@jest/globals';
import { workMessageSchema } from '../../lib/work-message.ts';

test.each([
  { network: 'default' },
  { network: 'default', domain: 'a.example.com' },
  { network: 'default', domain: 'a.example.com', deadLetter: 4 },
  { network: 'default', domain: 'a.example.com', returns: 2 },
])('a message names a network, a domain at most, and a dead letter at most: %j', (message) => {
  expect(workMessageSchema.parse({ ...message, extra: 1 })).toEqual(message);
});

test.each([
  null,
  'default',
  {},
  { network: '' },
  { network: 'Default' },
  { network: 'a'.repeat(33) },
  { network: 'default', domain: '' },
  { network: 'default', domain: 7 },
  { network: 'default', deadLetter: -1 },
  { network: 'default', deadLetter: 0.5 },
  { network: 'default', domain: 'a.example.com', returns: -1 },
])('anything else is no message: %j', (body) => {
  expect(workMessageSchema.safeParse(body).success).toBe(false);
});
