import fc from 'fast-check';
import { mostly } from '../mostly.ts';
import { marker, now } from '../networks.ts';
import { goodHosts, hosts } from './hosts.ts';
import { extraMembers, type Members, objectText, oddValues, quoted, recodings } from './json-text.ts';

export type Api = 'domain-added' | 'domain-removed' | 'ssl-retry' | 'hook';

const minute = 60_000;
const day = 24 * 60 * minute;
function iso(offsetMs: number) {
  return new Date(now + offsetMs).toISOString();
}

const goodTimestamps = [
  iso(0),
  iso(-minute),
  iso(5 * minute),
  iso(-30 * day),
  '2026-11-21T05:00:00Z',
  '2026-11-21t05:00:00.123456789z',
  '2026-11-21T10:30:00.5+05:30',
  '2026-11-20T23:00:00-06:00',
  '2026-11-21T05:00:00-00:00',
];

const badTimestamps = [
  iso(5 * minute + 1),
  iso(-30 * day - 1),
  '2026-11-21 05:00:00Z',
  '2026-11-21T05:00:00',
  '2026-11-21T24:00:00Z',
  '2026-11-20T23:59:60Z',
  '2026-11-31T05:00:00Z',
  '2026-13-01T05:00:00Z',
  '2026-11-21T05:00:00+24:00',
  '2026-11-21T05:00:00+05:60',
  '2026-11-21T05:00:00.Z',
  '2026-11-21T05:00:00,1Z',
  '+002026-11-21T05:00:00Z',
  '-002026-11-21T05:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '２０２６-11-21T05:00:00Z',
  'Sat, 21 Nov 2026 05:00:00 GMT',
  '1795237200',
  'now',
  ' 2026-11-21T05:00:00Z',
  '2026-11-21T05:00:00Z\n',
  `2026-11-21T05:00:00.${'1'.repeat(9_000)}Z`,
  `2026-11-21T05:00:00.${'1'.repeat(9_000)}`,
];

const timestamps = mostly(fc.constantFrom(...goodTimestamps), fc.constantFrom(...badTimestamps)).map(quoted);
const ids = fc.constantFrom('12', '0', '"57"', 'null', '9007199254740991');
const flags = fc.constantFrom('true', 'false', 'null');
function maybe(values: fc.Arbitrary<string>) {
  return fc.option(mostly(values, oddValues), { nil: undefined });
}

/** Members that are there; a fault leaves one out, repeats one or gives it something odd. */
function assembled(
  members: Readonly<Record<string, fc.Arbitrary<string | undefined>>>,
): fc.Arbitrary<Members> {
  return fc
    .record(members)
    .map((all) =>
      Object.entries(all).flatMap(([key, value]): Members => (value === undefined ? [] : [[key, value]])),
    );
}

function spoilt(members: Members): fc.Arbitrary<Members> {
  return fc
    .tuple(
      fc.nat({ max: Math.max(0, members.length - 1) }),
      fc.constantFrom('drop', 'odd', 'twice'),
      oddValues,
    )
    .map(([at, how, value]) =>
      members.flatMap(([key, good], index): Members => {
        if (index !== at) return [[key, good]];
        if (how === 'drop') return [];
        return how === 'odd'
          ? [[key, value]]
          : [
              [key, value],
              [key, good],
            ];
      }),
    );
}

function withFaults(members: fc.Arbitrary<Members>): fc.Arbitrary<Members> {
  return fc.oneof(
    { weight: 14, arbitrary: members },
    { weight: 2, arbitrary: members.chain(spoilt) },
    { weight: 3, arbitrary: fc.tuple(members, extraMembers).map(([usual, extra]) => [...extra, ...usual]) },
  );
}

const names: fc.Arbitrary<string> = mostly(hosts, goodHosts, 2).map(quoted);

function eventText(type: string): fc.Arbitrary<string> {
  const data = withFaults(
    assembled({
      domain: names,
      siteId: maybe(ids),
      domainId: maybe(ids),
      www: maybe(flags),
      native: maybe(flags),
      reason: maybe(fc.constantFrom('"dns_ready"', '"ssl_failed"', '"manual"', 'null')),
      note: fc.constant(quoted(marker)),
    }),
  ).map(objectText);
  const others = fc.constantFrom(
    '"domain.added"',
    '"domain.removed"',
    '"domain.ssl_retry"',
    '"DOMAIN.ADDED"',
  );
  return withFaults(
    assembled({ type: mostly(fc.constant(quoted(type)), others), timestamp: timestamps, data }),
  ).map(objectText);
}

const created = mostly(
  fc.constantFrom(
    '2026-11-21 05:00:00',
    '2026-11-21 05:00:00.0',
    '2026-11-01 00:00:00',
    '2026-11-21 05:00:00.5',
  ),
  fc.constantFrom(
    '2026-11-21T05:00:00',
    '2026-11-21  05:00:00',
    '2026-11-21 05:00',
    '2026-11-21 05:00:00 ',
    '2026-11-21 05:00:00Z',
    '2026-11-21 05:00:00+01:00',
    '0000-00-00 00:00:00',
    '2026-11-22 05:00:00',
    '2020-01-01 00:00:00',
    '2026-02-30 05:00:00',
  ),
  6,
).map(quoted);

/** Of the built-in webhook: flat, ids as text, and full of personal data. */
const builtInText: fc.Arbitrary<string> = withFaults(
  assembled({
    domain_id: mostly(
      fc.constantFrom('58', '"58"', '"0058"', '58.0', '0', '"0"', '"000"', '-0', '0.0', '1'),
      fc.constantFrom('"-0"', '"+1"', '" 1"', '1e400', '[0]', '{"0":0}', 'false', 'null', '""', '1.5'),
      8,
    ),
    domain_domain: names,
    domain_date_created: created,
    domain_site_id: maybe(ids),
    site_id: maybe(ids),
    domain_active: fc.constantFrom('"true"', 'null', '{"__proto__":1}'),
    customer_name: fc.constant(quoted(marker)),
    customer_billing_address: fc.constantFrom(quoted(`${marker}\n1 Ring Rd`), '[]'),
    membership_amount: fc.constantFrom('"&euro; 29.00"', '1e400', 'null'),
  }),
).map(objectText);

const typeOf: Readonly<Record<Exclude<Api, 'hook'>, string>> = {
  'domain-added': 'domain.added',
  'domain-removed': 'domain.removed',
  'ssl-retry': 'domain.ssl_retry',
};

/** Bodies for an API handler, some good, most of them spoilt somewhere. */
export function bodiesFor(api: Api): fc.Arbitrary<Buffer> {
  const text = api === 'hook' ? builtInText : eventText(typeOf[api]);
  return fc
    .tuple(text, mostly(fc.constant(undefined), fc.constantFrom(...recodings), 9))
    .map(([good, recode]) => (recode === undefined ? Buffer.from(good) : recode(good)));
}
