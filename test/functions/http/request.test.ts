import { describe, expect, test } from '@jest/globals';
import { baseUrl, rawBody } from '../../../functions/http/request.ts';
import { apiEvent } from '../../support/api/api-event.ts';

const call = { routeKey: 'POST /x', path: '/x', pathParameters: {} };
function withHeaders(headers: Record<string, string>) {
  return apiEvent({ ...call, headers });
}

describe('rawBody', () => {
  test('gives the bytes of a text', () => {
    expect(rawBody(apiEvent({ ...call, body: 'Bücher' }))).toEqual(Buffer.from('Bücher', 'utf8'));
  });

  test('decodes the bytes of base64, whatever they are', () => {
    const bytes = Buffer.from([0, 0xff, 0xc3, 0x28]);
    expect(rawBody(apiEvent({ ...call, body: bytes }))).toEqual(bytes);
  });

  test('no body is an empty one', () => {
    expect(rawBody(apiEvent(call))).toHaveLength(0);
  });
});

describe('baseUrl', () => {
  test.each([
    [{ host: 'relay.acme-bikes.com', 'x-forwarded-proto': 'https' }, 'https://relay.acme-bikes.com'],
    [{ host: 'relay.acme-bikes.com', 'x-forwarded-proto': 'HTTPS, http' }, 'https://relay.acme-bikes.com'],
    [{ host: 'localhost:3000', 'x-forwarded-proto': 'http' }, 'http://localhost:3000'],
    [{ host: 'localhost:3000' }, 'http://localhost:3000'],
    [{ host: 'localhost:3000', 'x-forwarded-proto': 'javascript' }, 'http://localhost:3000'],
    [{ 'x-forwarded-proto': 'https' }, 'https://relay.execute-api.eu-west-1.amazonaws.com'],
  ])('%j leads back to %s', (headers, expected) => {
    expect(baseUrl(withHeaders(headers))).toBe(expected);
  });
});
