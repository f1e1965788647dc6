import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { verifySignature } from '../../../lib/webhook/signature.ts';

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
    expect(
      verifySignature(Buffer.from(vector.body), vector, [vector.secret], Number(vector.timestamp) * 1000),
    ).toBe(true);
  });

  test.each(vectors.valid)('$name: what the public package signs', (vector) => {
    const at = new Date(Number(vector.timestamp) * 1000);
    expect(new Webhook(vector.secret).sign(vector.id, at, vector.body)).toBe(vector.signature);
  });

  test.each(vectors.invalid)('$name: refused', (vector) => {
    expect(
      verifySignature(Buffer.from(vector.body), vector, [vector.secret], Number(vector.timestamp) * 1000),
    ).toBe(false);
  });
});

describe('verifySignature', () => {
  test('accepts whatever the public package signs, and nothing with one byte changed', () => {
    const textBody = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text));
    const webhookId = fc.stringMatching(/^[A-Za-z0-9_.-]{1,128}$/);
    const key = fc.uint8Array({ minLength: 24, maxLength: 64 });
    fc.assert(
      fc.property(textBody, webhookId, key, fc.nat(), (bytes, anyId, anyKey, at) => {
        const anySecret = `whsec_${Buffer.from(anyKey).toString('base64')}`;
        const signed = {
          id: anyId,
          timestamp: String(seconds),
          signature: new Webhook(anySecret).sign(anyId, new Date(nowMs), bytes.toString()),
        };
        expect(verifySignature(bytes, signed, [anySecret], nowMs)).toBe(true);

        const changed = Buffer.concat([bytes, Buffer.from('x')]);
        changed.writeUInt8(changed.readUInt8(at % changed.length) ^ 1, at % changed.length);
        expect(verifySignature(changed.subarray(0, bytes.length), signed, [anySecret], nowMs)).toBe(
          changed.subarray(0, bytes.length).equals(bytes),
        );
        expect(verifySignature(changed, signed, [anySecret], nowMs)).toBe(false);
      }),
    );
  });

  test('signs bytes, not text: a body that is no UTF-8 does not pass for its replacement', () => {
    const asText = new Webhook(secret).sign(id, new Date(nowMs), '\ufffd');
    expect(verifySignature(Buffer.from([0xff]), { ...headers, signature: asText }, [secret], nowMs)).toBe(
      false,
    );
  });

  test('one good signature among several is enough, wherever it stands', () => {
    for (const offered of [
      `${signature()} ${signature(otherSecret)}`,
      `${signature(otherSecret)} ${signature()}`,
      `v1a,AAAA v1,AAAA ${signature()}`,
    ]) {
      expect(verifySignature(body, { ...headers, signature: offered }, [secret], nowMs)).toBe(true);
    }
  });

  test('either secret of a rotation is accepted, whatever their order', () => {
    expect(verifySignature(body, headers, [otherSecret, secret], nowMs)).toBe(true);
    expect(verifySignature(body, headers, [secret, otherSecret], nowMs)).toBe(true);
    expect(verifySignature(body, headers, [otherSecret], nowMs)).toBe(false);
  });

  test.each([
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('a call signed %i s ago: %s', (age, accepted) => {
    const timestamp = seconds - age;
    const signed = { id, timestamp: String(timestamp), signature: signature(secret, timestamp) };
    expect(verifySignature(body, signed, [secret], nowMs)).toBe(accepted);
    // The tolerance is in whole seconds, so a started one does not count.
    expect(verifySignature(body, signed, [secret], nowMs + 999)).toBe(accepted);
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
      if (verifySignature(body, signed, [secret], wallMs)) expect(publicVerdict).not.toThrow();
      else expect(publicVerdict).toThrow();
    }
  });

  test.each(['id', 'timestamp', 'signature'] as const)('refuses a call without webhook-%s', (name) => {
    expect(verifySignature(body, { ...headers, [name]: undefined }, [secret], nowMs)).toBe(false);
    expect(verifySignature(body, { ...headers, [name]: '' }, [secret], nowMs)).toBe(false);
  });

  test.each(['msg 1', 'msg/1', 'mög', 'm'.repeat(129), 'msg_1\n'])(
    'refuses the id %j although it is signed',
    (odd) => {
      const signed = new Webhook(secret).sign(odd, new Date(nowMs), body.toString());
      expect(verifySignature(body, { ...headers, id: odd, signature: signed }, [secret], nowMs)).toBe(false);
    },
  );

  test.each([`${seconds}.0`, `+${seconds}`, ` ${seconds}`, `${seconds}\n`, 'NaN', '0', `0${seconds}`, '1e9'])(
    'refuses the timestamp %j although it is signed',
    (odd) => {
      const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
      const digest = createHmac('sha256', key).update(`${id}.${odd}.${body}`).digest('base64');
      const signed = { id, timestamp: odd, signature: `v1,${digest}` };
      expect(verifySignature(body, signed, [secret], nowMs)).toBe(false);
    },
  );

  test('no secret, no entry: not with an empty key, not with something that is no secret', () => {
    expect(verifySignature(body, headers, [], nowMs)).toBe(false);
    for (const faulty of ['', 'whsec_', 'whsec_=', 'whsec_$$$', 'plain text']) {
      expect(verifySignature(body, headers, [faulty], nowMs)).toBe(false);
    }
  });

  test('an empty secret does not let in a caller that signs with an empty key', () => {
    const digest = createHmac('sha256', '').update(`${id}.${seconds}.${body}`).digest('base64');
    const signed = { ...headers, signature: `v1,${digest}` };
    for (const faulty of ['', 'whsec_', 'whsec_=', 'plain text']) {
      expect(verifySignature(body, signed, [faulty], nowMs)).toBe(false);
    }
  });

  test.each([`x${secret}`, ` ${secret}`, `${secret}$`, `${secret}\n`])('%j is no secret', (faulty) => {
    expect(verifySignature(body, headers, [faulty], nowMs)).toBe(false);
  });
});
