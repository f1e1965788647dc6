import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { signatureOf } from '../../../lib/webhook/sign.ts';

function secretOf(text: string) {
  return `whsec_${Buffer.from(text).toString('base64')}`;
}
const secret = secretOf('the key under test, 24 b and more');
const previous = secretOf('the key before the last rotation');

const body = '{"note":"Bücher für пример 💩"}';
const id = 'msg_1';
const at = new Date(Date.UTC(2026, 10, 21, 5));
const call = { id, timestamp: String(at.getTime() / 1_000) };

describe('signatureOf', () => {
  test('signs as the public package does', () => {
    expect(signatureOf(body, call, [secret])).toBe(new Webhook(secret).sign(id, at, body));
  });

  test('during a rotation signs by each secret, the first one first', () => {
    const each = [secret, previous].map((by) => new Webhook(by).sign(id, at, body));
    expect(signatureOf(body, call, [secret, previous])).toBe(each.join(' '));
  });

  test('never signs with an empty key, nor with something that is no secret', () => {
    expect(signatureOf(body, call, ['', 'whsec_', 'plain text'])).toBe('');
    expect(signatureOf(body, call, ['whsec_', secret])).toBe(new Webhook(secret).sign(id, at, body));
  });
});
