import { now } from '../networks.ts';

/**
 * What a body may cause, decided without the code under test. `name`: the host name as it was sent; `at`: when the update was
 * sent; `id`: of an update that brings its own.
 */
export type Reading =
  | { readonly kind: 'refused' }
  | { readonly kind: 'test' }
  | { readonly kind: 'update'; readonly name: string; readonly at: number; readonly id?: string };

const refused: Reading = { kind: 'refused' };

type Fields = ReadonlyMap<string, unknown>;

/** Own members only: what an object inherits was not sent. */
function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.getOwnPropertyNames(value).map((key) => [key, Reflect.get(value, key)]))
    : undefined;
}

function jsonIn(body: Buffer): Fields | undefined {
  // A byte that is not UTF-8 comes back as another.
  const text = body.toString('utf8');
  if (!Buffer.from(text).equals(body)) return undefined;
  try {
    return fieldsOf(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch {
    return undefined;
  }
}

function isAbsent(value: unknown) {
  return value === undefined || value === null;
}
function isId(value: unknown) {
  return (
    (typeof value === 'number' && value >= 0 && value <= 2 ** 53 - 1 && value % 1 === 0) ||
    (typeof value === 'string' &&
      value.length <= 16 &&
      value !== '' &&
      [...value].every((digit) => '0123456789'.includes(digit)) &&
      BigInt(value) < 2n ** 53n)
  );
}
function isFlag(value: unknown) {
  return isAbsent(value) || typeof value === 'boolean';
}

function daysIn(year: number, month: number) {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Milliseconds since the epoch of an RFC 3339 time, read field by field. */
function instantOf(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.toUpperCase();
  const zone = /(Z|[+-]\d\d:\d\d)$/.exec(text)?.[0];
  if (zone === undefined) return undefined;
  const [date = '', time = '', ...more] = text.slice(0, -zone.length).split('T');
  const [clock = '', fraction, ...rest] = time.split('.');
  if (more.length > 0 || rest.length > 0 || (fraction !== undefined && !/^\d+$/.test(fraction)))
    return undefined;
  if (!/^\d{4}-\d\d-\d\d$/.test(date) || !/^\d\d:\d\d:\d\d$/.test(clock)) return undefined;
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  const [aheadHours = 0, aheadMinutes = 0] = zone === 'Z' ? [0, 0] : zone.slice(1).split(':').map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59 || aheadHours > 23 || aheadMinutes > 59) return undefined;
  const ahead = (aheadHours * 60 + aheadMinutes) * (zone.startsWith('-') ? -1 : 1);
  const milliseconds = Number(`${fraction ?? ''}000`.slice(0, 3));
  return Date.UTC(year, month - 1, day, hour, minute - ahead, second, milliseconds);
}

function isTimely(at: number | undefined): at is number {
  return at !== undefined && at <= now + 300_000 && at >= now - 30 * 86_400_000;
}

export function readSigned(body: Buffer, type: string): Reading {
  const event = jsonIn(body);
  const data = fieldsOf(event?.get('data'));
  if (event === undefined || data === undefined || event.get('type') !== type) return refused;
  const name = data.get('domain');
  const reason = data.get('reason');
  const isReason =
    isAbsent(reason) || ['dns_ready', 'ssl_failed', 'manual'].some((known) => known === reason);
  const at = instantOf(event.get('timestamp'));
  const isGood =
    ['siteId', 'domainId'].every((key) => isAbsent(data.get(key)) || isId(data.get(key))) &&
    ['www', 'native'].every((key) => isFlag(data.get(key))) &&
    (type !== 'domain.ssl_retry' || isReason);
  return isGood && isTimely(at) && typeof name === 'string' ? { kind: 'update', name, at } : refused;
}

export function readBuiltIn(body: Buffer): Reading {
  const payload = jsonIn(body);
  const id = payload?.get('domain_id');
  if (payload === undefined) return refused;
  if (id === 0 || (typeof id === 'string' && id !== '' && id.replaceAll('0', '') === ''))
    return { kind: 'test' };
  const name = payload.get('domain_domain');
  const created = payload.get('domain_date_created');
  const [date, time, ...more] = typeof created === 'string' ? created.split(' ') : [];
  // The form of MySQL has no zone: with one of its own it would have two.
  const at = instantOf(`${date}T${time}Z`);
  const isGood =
    isId(id) &&
    ['domain_site_id', 'site_id'].every((key) => isAbsent(payload.get(key)) || isId(payload.get(key))) &&
    more.length === 0;
  return isGood && isTimely(at) && typeof name === 'string'
    ? { kind: 'update', name, at, id: `wu-${Number(id)}` }
    : refused;
}
