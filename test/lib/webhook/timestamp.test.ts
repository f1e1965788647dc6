import { describe, expect, test } from '@jest/globals';
import { freshInstant, parseTimestamp } from '../../../lib/webhook/timestamp.ts';
import { fc } from '../../support/property.ts';

function instant(text: string) {
  const atMs = parseTimestamp(text);
  return atMs === undefined ? undefined : new Date(atMs).toISOString();
}

describe('parseTimestamp', () => {
  test.each([
    ['2026-11-21T05:00:00.123Z', '2026-11-21T05:00:00.123Z'],
    ['2026-11-21T05:00:00Z', '2026-11-21T05:00:00.000Z'],
    ['2026-11-21t05:00:00z', '2026-11-21T05:00:00.000Z'],
    ['2026-11-21T05:00:00.1Z', '2026-11-21T05:00:00.100Z'],
    ['2026-11-21T05:00:00.123999Z', '2026-11-21T05:00:00.123Z'],
    ['2026-11-21T05:00:00.9999999999999Z', '2026-11-21T05:00:00.999Z'],
    ['2026-11-21T05:00:00.5+01:00', '2026-11-21T04:00:00.500Z'],
    ['2026-11-20T22:30:00.007-06:30', '2026-11-21T05:00:00.007Z'],
    ['2026-11-21T05:00:00-00:00', '2026-11-21T05:00:00.000Z'],
    ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
    ['2027-01-01T00:30:00+01:00', '2026-12-31T23:30:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(instant(text)).toBe(expected);
  });

  test.each([
    '',
    'now',
    '2026-11-21',
    '2026-11-21 05:00:00Z',
    '2026-11-21T05:00Z',
    '2026-11-21T05:00:00',
    '2026-11-21T05:00:00.Z',
    '2026-11-21T05:00:00,5Z',
    '2026-11-21T05:00:00+0100',
    '2026-11-21T05:00:00+24:00',
    '2026-11-21T05:00:00+01:60',
    '2026-02-30T05:00:00Z',
    '2027-02-29T05:00:00Z',
    '2026-13-01T05:00:00Z',
    '2026-11-21T24:00:00Z',
    '2026-11-21T05:60:00Z',
    '2026-11-21T05:00:60Z',
    ' 2026-11-21T05:00:00Z',
    '2026-11-21T05:00:00Z\n',
    '+002026-11-21T05:00:00Z',
    '1795237200',
    '٢٠٢٦-11-21T05:00:00Z',
  ])('%j is no time', (text) => {
    expect(parseTimestamp(text)).toBeUndefined();
  });

  test('the same instant is the same number in every time zone and to every precision', () => {
    const days = fc.date({
      min: new Date('2000-01-02T00:00:00Z'),
      max: new Date('2099-12-30T00:00:00Z'),
      noInvalidDate: true,
    });
    const offsetMinutes = fc.integer({ min: -23 * 60, max: 23 * 60 });
    fc.assert(
      fc.property(days, offsetMinutes, fc.stringMatching(/^\d{0,9}$/), (at, offset, more) => {
        const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const two = (number: number) => String(number).padStart(2, '0');
        const size = Math.abs(offset);
        const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
        expect(parseTimestamp(`${local}${more}${zone}`)).toBe(at.getTime());
      }),
    );
  });
});

describe('freshInstant', () => {
  const nowMs = Date.UTC(2026, 10, 21, 5);
  const minuteMs = 60_000;
  const dayMs = 24 * 60 * minuteMs;

  test.each([
    ['now', 0],
    ['5 minutes ahead', 5 * minuteMs],
    ['30 days old', -30 * dayMs],
  ])('an update of %s is taken', (_age, offset) => {
    expect(freshInstant(nowMs + offset, nowMs, 'timestamp')).toBe(new Date(nowMs + offset).toISOString());
  });

  test.each([
    ['too-new', 5 * minuteMs + 1],
    ['too-old', -30 * dayMs - 1],
  ])('a millisecond more is %s', (type, offset) => {
    expect(() => freshInstant(nowMs + offset, nowMs, 'timestamp')).toThrow(
      expect.objectContaining({
        type,
        issues: [{ path: 'timestamp', message: expect.stringMatching(/^Must not lie more than/) }],
      }),
    );
  });
});
