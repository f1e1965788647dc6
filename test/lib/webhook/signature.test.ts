import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { readSignature, verifySignature, webhookIdOf } from '../../../lib/webhook/signature.ts';
import { fc } from '../../support/property.ts';

const vectorSchema = z.strictObject({
  name: z.string(),
  secret: z.string(),
  id: z.string(),
  timestamp: z.string(),
  body: z.string(),
  signature: z.string(),
});
const vectors = z
  .strictObject({
    description: z.string(),
    valid: z.array(vectorSchema).min(1),
    invalid: z.array(vectorSchema).min(1),
  })
  .parse(JSON.parse(readFileSync(new URL('../../vectors/signature.json', import.meta.url), 'utf8')));

interface Signed {
  readonly id?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly signature?: string | undefined;
}

/** Whether a call with these headers is let in. */
function verify(bytes: Uint8Array, signed: Signed, secrets: readonly string[], at: number): boolean {
  const { id, timestamp, signature } = signed;
  const names = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  const read = readSignature(names, at);
  return read !== undefined && verifySignature(bytes, read, secrets);
}

function secretOf(text: string) {
  return `whsec_${Buffer.from(text).toString('base64')}`;
}
const secret = secretOf('the key under test, 24 b and more');
const otherSecret = secretOf('the key before the last rotation');

const nowMs = Date.UTC(2026, 10, 21, 5);
const seconds = nowMs / 1000;
const body = Buffer.from('{"type":"domain.added"}');
const id = 'msg_1';

function signature(by = secret, at = seconds) {
  return new Webhook(by).sign(id, new Date(at * 1000), body.toString());
}
const headers = { id, timestamp: String(seconds), signature: signature() };

describe('the vectors that the PHP tests read too', () => {
  test.each(vectors.valid)('$name: accepted', (vector) => {
    expect(verify(Buffer.from(vector.body), vector, [vector.secret], Number(vector.timestamp) * 1000)).toBe(
      true,
    );
  });

  test.each(vectors.valid)('$name: what the public package signs', (vector) => {
    const at = new Date(Number(vector.timestamp) * 1000);
    expect(new Webhook(vector.secret).sign(vector.id, at, vector.body)).toBe(vector.signature);
  });

  test.each(vectors.invalid)('$name: refused', (vector) => {
    expect(verify(Buffer.from(vector.body), vector, [vector.secret], Number(vector.timestamp) * 1000)).toBe(
      false,
    );
  });
});

describe('verifySignature', () => {
  test('accepts whatever the public package signs, and nothing with one byte changed', () => {
    const textBody = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text));
    const webhookId = fc.stringMatching(/^[!-~]{1,256}$/);
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(textBody, webhookId, key, fc.nat(), (bytes, anyId, anyKey, at) => {
        const anySecret = `whsec_${Buffer.from(anyKey).toString('base64')}`;
        const signed = {
          id: anyId,
          timestamp: String(seconds),
          signature: new Webhook(anySecret).sign(anyId, new Date(nowMs), bytes.toString()),
        };
        expect(verify(bytes, signed, [anySecret], nowMs)).toBe(true);

        const changed = Buffer.concat([bytes, Buffer.from('x')]);
        changed.writeUInt8(changed.readUInt8(at % changed.length) ^ 1, at % changed.length);
        expect(verify(changed.subarray(0, bytes.length), signed, [anySecret], nowMs)).toBe(
          changed.subarray(0, bytes.length).equals(bytes),
        );
        expect(verify(changed, signed, [anySecret], nowMs)).toBe(false);
      }),
    );
  });

  test('signs bytes, not text: a body that is no UTF-8 does not pass for its replacement', () => {
    const asText = new Webhook(secret).sign(id, new Date(nowMs), '\ufffd');
    expect(verify(Buffer.from([0xff]), { ...headers, signature: asText }, [secret], nowMs)).toBe(false);
  });

  test('one good signature among several is enough, wherever it stands', () => {
    for (const offered of [
      `${signature()} ${signature(otherSecret)}`,
      `${signature(otherSecret)} ${signature()}`,
      `v1a,AAAA v1,AAAA ${signature()}`,
    ]) {
      expect(verify(body, { ...headers, signature: offered }, [secret], nowMs)).toBe(true);
    }
  });

  test('either secret of a rotation is accepted, whatever their order', () => {
    expect(verify(body, headers, [otherSecret, secret], nowMs)).toBe(true);
    expect(verify(body, headers, [secret, otherSecret], nowMs)).toBe(true);
    expect(verify(body, headers, [otherSecret], nowMs)).toBe(false);
  });

  test.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('a call signed %i s ago: %s', (age, accepted) => {
    const timestamp = seconds - age;
    const signed = { id, timestamp: String(timestamp), signature: signature(secret, timestamp) };
    expect(verify(body, signed, [secret], nowMs)).toBe(accepted);
    // The tolerance is in whole seconds, so a started one does not count.
    expect(verify(body, signed, [secret], nowMs + 999)).toBe(accepted);
  });

  test('the public package judges the ends of the tolerance alike', () => {
    const wallMs = Date.now();
    for (const age of [-290, 290, -310, 310]) {
      const at = Math.floor(wallMs / 1000) - age;
      const signed = { id, timestamp: String(at), signature: signature(secret, at) };
      const publicVerdict = () =>
        new Webhook(secret).verify(body.toString(), {
          'webhook-id': signed.id,
          'webhook-timestamp': signed.timestamp,
          'webhook-signature': signed.signature,
        });
      if (verify(body, signed, [secret], wallMs)) expect(publicVerdict).not.toThrow();
      else expect(publicVerdict).toThrow();
    }
  });

  test.each(['id', 'timestamp', 'signature'] as const)('refuses a call without webhook-%s', (name) => {
    expect(verify(body, { ...headers, [name]: undefined }, [secret], nowMs)).toBe(false);
    expect(verify(body, { ...headers, [name]: '' }, [secret], nowMs)).toBe(false);
  });

  test.each([`${seconds}.0`, `+${seconds}`, ` ${seconds}`, `${seconds}\n`, 'NaN', '0', `0${seconds}`, '1e9'])(
    'refuses the timestamp %j although it is signed',
    (odd) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const digest = createHmac('sha256', key).update(`${id}.${odd}.${body}`).digest('base64');
      const signed = { id, timestamp: odd, signature: `v1,${digest}` };
      expect(verify(body, signed, [secret], nowMs)).toBe(false);
    },
  );

  test('no secret, no entry: not with an empty key, not with something that is no secret', () => {
    expect(verify(body, headers, [], nowMs)).toBe(false);
    for (const faulty of ['', 'whsec_', 'whsec_=', 'whsec_$$$', 'plain text']) {
      expect(verify(body, headers, [faulty], nowMs)).toBe(false);
    }
  });

  test('an empty secret does not let in a caller that signs with an empty key', () => {
    const digest = createHmac('sha256', '').update(`${id}.${seconds}.${body}`).digest('base64');
    const signed = { ...headers, signature: `v1,${digest}` };
    for (const faulty of ['', 'whsec_', 'whsec_=', 'plain text']) {
      expect(verify(body, signed, [faulty], nowMs)).toBe(false);
    }
  });

  test.each([`x${secret}`, ` ${secret}`, `${secret}$`, `${secret}\n`])('%j is no secret', (faulty) => {
    expect(verify(body, headers, [faulty], nowMs)).toBe(false);
  });
});

describe('the webhook-id', () => {
  const signedWith = (odd: string) => ({
    id: odd,
    timestamp: String(seconds),
    offered: new Webhook(secret).sign(odd, new Date(nowMs), body.toString()),
  });

  test.each([
    'a',
    'msg_01JD7Z5V8Q',
    'urn:uuid:6ec0bd7f-11c0-43da-975e-2a8ad9ebae0b',
    'evt/1',
    '{6EC0BD7F-11C0-43DA-975E-2A8AD9EBAE0B}',
    'wp:57:1700000000',
    '!"#$%&()*+,;<=>?@[]^`|~',
    'm'.repeat(256),
  ])('is any visible ASCII without blanks: %s', (odd) => {
    const signature = signedWith(odd);
    expect(verifySignature(body, signature, [secret])).toBe(true);
    expect(webhookIdOf(signature)).toBe(odd);
  });

  test.each([
    ['', 'Is missing'],
    ['m'.repeat(257), 'Must be 1 to 256 visible ASCII characters, without blanks'],
    ['msg 1', 'Must be 1 to 256 visible ASCII characters, without blanks'],
    ['mög', 'Must be 1 to 256 visible ASCII characters, without blanks'],
    ['msg_1\n', 'Must be 1 to 256 visible ASCII characters, without blanks'],
  ])('%j is told to be wrong only after the signature is proven', (odd, message) => {
    const signature = signedWith(odd);
    expect(verifySignature(body, signature, [secret])).toBe(true);
    const refused = { name: 'BadEvent', type: 'bad-shape', issues: [{ path: 'webhook-id', message }] };
    expect(() => webhookIdOf(signature)).toThrow(expect.objectContaining(refused));
    expect(verifySignature(body, { ...signature, id: 'another' }, [secret])).toBe(false);
  });
});

describe('the names of the headers', () => {
  const named = (prefix: string, part: Signed = headers) => ({
    [`${prefix}-id`]: part.id,
    [`${prefix}-timestamp`]: part.timestamp,
    [`${prefix}-signature`]: part.signature,
  });
  const read = { id, timestamp: String(seconds), offered: headers.signature };

  test('are those of Standard Webhooks, and where none of these is there, those of Svix', () => {
    expect(readSignature(named('webhook'), nowMs)).toEqual(read);
    expect(readSignature(named('svix'), nowMs)).toEqual(read);
    const both = { ...named('svix', { id: 'another' }), ...named('webhook') };
    expect(readSignature(both, nowMs)).toEqual(read);
  });

  test('are never mixed: a call with one name of Standard Webhooks is read by these names alone', () => {
    expect(readSignature({ ...named('svix'), 'webhook-id': id }, nowMs)).toBeUndefined();
  });

  test('a missing id is read as none, so that its sender is told once the signature is proven', () => {
    expect(readSignature(named('webhook', { ...headers, id: undefined }), nowMs)).toEqual({
      ...read,
      id: '',
    });
  });
});

describe('no secret is read for a call that none can prove', () => {
  test.each([
    ['no signature', undefined],
    ['an empty signature', ''],
    ['no version', signature().slice('v1,'.length)],
    ['another version', signature().replace('v1,', 'v1a,')],
    ['half a signature', signature().slice(0, 20)],
    ['a signature in hex', `v1,${'ab'.repeat(32)}`],
    ['a blank within', signature().replace('v1,', 'v1, ')],
  ])('%s', (_, offered) => {
    const ill = { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': offered };
    expect(readSignature(ill, nowMs)).toBeUndefined();
  });

  test('a stale timestamp', () => {
    const stale = {
      'webhook-id': id,
      'webhook-timestamp': String(seconds - 301),
      'webhook-signature': signature(secret, seconds - 301),
    };
    expect(readSignature(stale, nowMs)).toBeUndefined();
  });
});
