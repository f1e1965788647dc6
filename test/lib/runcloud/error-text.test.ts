import { expect, test } from '@jest/globals';
import { errorTextOf, redact, secretsOf } from '../../../lib/runcloud/error-text.ts';

const secrets = ['the-token-0123456789'];

test('joins the sentence and what is said about each field', () => {
  const body = {
    message: 'The given data was invalid.',
    errors: { name: ['The name has already been taken.', 'Too long.'], type: 'Unknown.' },
  };
  expect(errorTextOf(body, [])).toBe(
    'The given data was invalid. | name: The name has already been taken. Too long. | type: Unknown.',
  );
});

test.each([
  [{ error: { message: 'The plan allows ten domains.' } }, 'The plan allows ten domains.'],
  [{ error: 'Server is offline.' }, 'Server is offline.'],
  [{ error: 'Refused', message: 'Server is offline.' }, 'Server is offline. | Refused'],
  [{ error: 'The same', message: 'The same' }, 'The same'],
  [{ errors: { name: ['Taken.'], www: 'Unknown.' } }, 'name: Taken. | www: Unknown.'],
  [{ errors: ['Server is offline.', 'Try later.'] }, 'Server is offline. | Try later.'],
  [{ errors: [{ message: 'Server is offline.' }] }, 'Server is offline.'],
  [{ errors: 'Server is offline.' }, 'Server is offline.'],
  [{ message: ['Server is offline.', 'Try later.'] }, 'Server is offline. | Try later.'],
  [{ message: 'Kept', errors: { name: [1] } }, 'Kept'],
  ['Too many connections', 'Too many connections'],
])('RunCloud’s own words are read from every shape seen: %j', (body, said) => {
  expect(errorTextOf(body, [])).toBe(said);
});

test.each([undefined, null, '', [], {}, 7, { message: 7 }, { message: '', errors: 4 }, { error: {} }])(
  'finds nothing said in %p',
  (body) => {
    expect(errorTextOf(body, [])).toBeUndefined();
  },
);

test('keeps one line of at most 300 characters', () => {
  expect(errorTextOf({ message: 'one\r\ntwo\u001b[31m\tthree' }, [])).toBe('one two [31m three');
  expect(errorTextOf({ message: 'x'.repeat(1_000) }, [])).toHaveLength(300);
});

test('takes a secret out before it cuts, so no half of one is left at the edge', () => {
  const said = errorTextOf({ message: `${'x'.repeat(290)} ${secrets[0]}` }, secrets);
  expect(said).not.toContain('the-token');
});

test.each([
  ['token the-token-0123456789 is wrong', 'token [redacted] is wrong'],
  ['got Authorization: Bearer abcdefgh12345678', 'got Authorization: Bearer [redacted]'],
  ['Not in your Basic subscription', 'Not in your Basic subscription'],
  ['"pullKey1":"abc123", then', '"pullKey1":"[redacted]", then'],
  ['privateKey=abc', 'privateKey=[redacted]'],
  ['-----BEGIN PRIVATE KEY-----\nabc\n-----END PRIVATE KEY----- end', '[redacted] end'],
  ['-----BEGIN PRIVATE KEY-----\nabc', '[redacted]'],
])('redacts %j', (text, expected) => {
  expect(redact(text, secrets)).toBe(expected);
});

test('knows the legacy pair in each form an answer could echo', () => {
  const pair = secretsOf({ api: 'v2', key: 'the-key', secret: 'the-secret' });
  const echo = `the-key / the-secret / ${Buffer.from('the-key:the-secret').toString('base64')}`;
  expect(redact(echo, pair)).toBe('[redacted] / [redacted] / [redacted]');
});
