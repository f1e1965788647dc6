import { DAY_MS, MINUTE_MS, toInstant } from '../sync/ledger/time.ts';
import { BadEvent } from './bad-event.ts';

const rfc3339 = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;

/** Milliseconds since the epoch, cut and not rounded; undefined if the text is no RFC 3339 time of a real day. */
export function parseTimestamp(text: string): number | undefined {
  const [, date, time, fraction = '', , sign, hours, minutes] = rfc3339.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  const local = `${date}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
  const localMs = Date.parse(local);
  // Date.parse moves 30 February and 24:00 to a later day.
  if (Number.isNaN(localMs) || toInstant(localMs) !== local) return undefined;
  const offsetMs = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * MINUTE_MS;
  return sign === '-' ? localMs + offsetMs : localMs - offsetMs;
}

const mostAheadMs = 5 * MINUTE_MS;
const mostBehindMs = 30 * DAY_MS;

/** An event's time as text that sorts by time. Throws `BadEvent` if it is too old or too new. */
export function freshInstant(atMs: number, nowMs: number, path: string): string {
  if (atMs > nowMs + mostAheadMs) {
    throw new BadEvent('too-new', [{ path, message: 'Must not lie more than 5 minutes in the future' }]);
  }
  if (atMs < nowMs - mostBehindMs) {
    throw new BadEvent('too-old', [{ path, message: 'Must not lie more than 30 days in the past' }]);
  }
  return toInstant(atMs);
}
