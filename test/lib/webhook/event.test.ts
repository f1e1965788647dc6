import { describe, expect, test } from '@jest/globals';
import { BadEvent } from '../../../lib/webhook/bad-event.ts';
import { type EventType, parseEvent } from '../../../lib/webhook/event.ts';

const nowMs = Date.parse('2026-11-21T05:00:30Z');

const data = { domain: 'shop.acme-bikes.com', siteId: 12, domainId: 57, www: false, native: false };
const event = { type: 'domain.added', timestamp: '2026-11-21T05:00:00.123Z', data };

function bytes(value: unknown) {
  return Buffer.from(JSON.stringify(value));
}
function parse(value: unknown, expected: EventType = 'domain.added') {
  return parseEvent(bytes(value), expected, nowMs);
}
function withData(part: object) {
  return { ...event, data: { ...data, ...part } };
}

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof BadEvent) return { type: error.type, issues: error.issues };
    throw error;
  }
  throw new Error('The event was taken');
}

describe('parseEvent', () => {
  test('reads an event with everything in it', () => {
    expect(parse(event)).toEqual({
      timestamp: '2026-11-21T05:00:00.123Z',
      domain: 'shop.acme-bikes.com',
      www: false,
      native: false,
      siteId: 12,
      domainId: 57,
      reason: 'manual',
    });
  });

  test('fills in what may be left out', () => {
    expect(parse({ ...event, data: { domain: 'Acme-Bikes.com.' } })).toEqual({
      timestamp: '2026-11-21T05:00:00.123Z',
      domain: 'acme-bikes.com',
      www: null,
      native: false,
      siteId: null,
      domainId: null,
      reason: 'manual',
    });
  });

  test('null is as good as missing', () => {
    const nulls = { www: null, native: null, siteId: null, domainId: null, reason: null };
    expect(parse(withData(nulls))).toEqual(parse({ ...event, data: { domain: data.domain } }));
  });

  test('www is as the multisite says, and left open where it says nothing', () => {
    expect(parse({ ...event, data: { domain: 'acme-bikes.co.uk' } }).www).toBeNull();
    expect(parse({ ...event, data: { domain: 'acme-bikes.co.uk', www: false } }).www).toBe(false);
    expect(parse({ ...event, data: { domain: 'shop.acme-bikes.co.uk', www: true } }).www).toBe(true);
  });

  test('ids may be digits in a string', () => {
    expect(parse(withData({ siteId: '12', domainId: '0057' }))).toMatchObject({ siteId: 12, domainId: 57 });
    expect(parse(withData({ siteId: 0, domainId: '0' }))).toMatchObject({ siteId: 0, domainId: 0 });
  });

  test.each([-1, 1.5, '', '12a', '-1', ' 12', '9007199254740993', 2 ** 53, true, {}, [12]])(
    '%j is no id',
    (siteId) => {
      expect(refusal(() => parse(withData({ siteId })))).toEqual({
        type: 'bad-shape',
        issues: [{ path: 'data.siteId', message: 'Must be a whole number, or its digits in a string' }],
      });
    },
  );

  test('unknown fields are ignored, at the top, in data, and in the names of objects themselves', () => {
    const text = JSON.stringify(withData({ more: { deep: [1] } })).replace(
      '{',
      '{"__proto__":{"x":1},"v":2,',
    );
    expect(parseEvent(Buffer.from(text), 'domain.added', nowMs)).toEqual(parse(event));
  });

  test('a time with an offset and more digits is cut to milliseconds in UTC', () => {
    expect(parse({ ...event, timestamp: '2026-11-21T06:00:00.123999+01:00' }).timestamp).toBe(
      '2026-11-21T05:00:00.123Z',
    );
  });

  test('only a retry has a reason', () => {
    const retry = { ...withData({ reason: 'dns_ready' }), type: 'domain.ssl_retry' };
    expect(parse(retry, 'domain.ssl_retry').reason).toBe('dns_ready');
    expect(parse({ ...event, type: 'domain.ssl_retry' }, 'domain.ssl_retry').reason).toBe('manual');
    expect(parse(withData({ reason: ['whatever'] })).reason).toBe('manual');
    const odd = { ...withData({ reason: 'because' }), type: 'domain.ssl_retry' };
    expect(refusal(() => parse(odd, 'domain.ssl_retry'))).toEqual({
      type: 'bad-shape',
      issues: [{ path: 'data.reason', message: 'Must be dns_ready, ssl_failed or manual' }],
    });
  });

  test.each([
    ['nothing', Buffer.alloc(0)],
    ['a text', Buffer.from('domain=shop.acme-bikes.com')],
    ['half an object', Buffer.from('{"type":')],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0x22])],
    ['a NaN', Buffer.from('{"type":NaN}')],
  ])('%s is not JSON', (_what, body) => {
    expect(refusal(() => parseEvent(body, 'domain.added', nowMs))).toEqual({
      type: 'not-json',
      issues: [{ path: '', message: 'Must be JSON in UTF-8' }],
    });
  });

  test.each([
    ['null', null, '', 'Must be an object'],
    ['an array', [event], '', 'Must be an object'],
    ['no type', { ...event, type: undefined }, 'type', 'Is missing'],
    ['a number as type', { ...event, type: 7 }, 'type', 'Must be a string'],
    ['no timestamp', { ...event, timestamp: undefined }, 'timestamp', 'Is missing'],
    ['epoch seconds', { ...event, timestamp: 1795237200 }, 'timestamp', 'Must be a string'],
    [
      'a local time',
      { ...event, timestamp: '2026-11-21 05:00:00' },
      'timestamp',
      'Must be an RFC 3339 time, as in 2026-11-21T05:00:00.123Z',
    ],
    ['no data', { ...event, data: undefined }, 'data', 'Is missing'],
    ['data that is a list', { ...event, data: [] }, 'data', 'Must be an object'],
    ['no domain', withData({ domain: undefined }), 'data.domain', 'Is missing'],
    ['null as domain', withData({ domain: null }), 'data.domain', 'Must be a string'],
    ['www as text', withData({ www: 'true' }), 'data.www', 'Must be true or false'],
    ['native as number', withData({ native: 1 }), 'data.native', 'Must be true or false'],
  ])('%s is a bad shape, and the field is named', (_what, value, path, message) => {
    expect(refusal(() => parse(value))).toEqual({ type: 'bad-shape', issues: [{ path, message }] });
  });

  test('every field that is wrong is named at once', () => {
    const { issues } = refusal(() => parse({ type: 1, data: { domain: 2, www: 3 } }));
    expect(issues.map(({ path }) => path)).toEqual(['type', 'timestamp', 'data.domain', 'data.www']);
  });

  test('a type that does not fit the path is refused, known or not', () => {
    for (const type of ['domain.removed', 'domain.exploded', 'Domain.Added', '']) {
      expect(refusal(() => parse({ ...event, type }))).toEqual({
        type: 'wrong-type',
        issues: [{ path: 'type', message: 'Must be domain.added on this path' }],
      });
    }
  });

  test('an error says which refusal it is by itself', () => {
    expect(() => parse({ ...event, type: 'domain.removed' })).toThrow(
      expect.objectContaining({ name: 'BadEvent', message: 'The event is refused: wrong-type' }),
    );
  });

  test('a bad host name is refused with a sentence', () => {
    expect(refusal(() => parse(withData({ domain: '127.0.0.1' })))).toEqual({
      type: 'bad-domain',
      issues: [{ path: 'data.domain', message: 'Must be a host name, not an IP address' }],
    });
  });

  test('shape comes before type, type before name, name before age', () => {
    const old = { ...event, timestamp: '2020-01-01T00:00:00Z' };
    expect(refusal(() => parse(old)).type).toBe('too-old');
    const named = { ...old, data: { ...data, domain: 'localhost' } };
    expect(refusal(() => parse(named)).type).toBe('bad-domain');
    const typed = { ...named, type: 'domain.removed' };
    expect(refusal(() => parse(typed)).type).toBe('wrong-type');
    expect(refusal(() => parse({ ...typed, timestamp: 0 })).type).toBe('bad-shape');
  });

  test('updates from the future are refused', () => {
    const future = { ...event, timestamp: '2026-11-21T05:05:30.001Z' };
    expect(refusal(() => parse(future))).toMatchObject({ type: 'too-new', issues: [{ path: 'timestamp' }] });
  });

  test('a refusal never repeats what was sent', () => {
    const marker = 'marker'.repeat(40);
    const bodies = [
      marker,
      JSON.stringify(marker),
      JSON.stringify({ ...event, type: marker, timestamp: marker }),
      JSON.stringify({ ...event, type: marker }),
      JSON.stringify(withData({ domain: `${marker}_.com`, siteId: marker })),
      JSON.stringify(withData({ domain: `${marker}_.com` })),
    ];
    for (const body of bodies) {
      const told = JSON.stringify(refusal(() => parseEvent(Buffer.from(body), 'domain.added', nowMs)));
      expect(told).not.toContain('marker');
    }
  });
});
