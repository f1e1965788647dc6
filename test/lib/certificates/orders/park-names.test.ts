import { describe, expect, test } from '@jest/globals';
import type { UnreadyName } from '../../../../lib/certificates/orders/decide.ts';
import { parkNames } from '../../../../lib/certificates/orders/park-names.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem, ParkingReason } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey, domainKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Access, HostedDomain } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { certificateWorld, timing } from '../../../support/certificates/certificate-world.ts';
import {
  certificateItem,
  DAY,
  DOMAIN,
  MINUTE,
  NETWORK,
  NOW,
  row,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';

/** Served by the relay's own row for longer than a name that leads nowhere is. */
const served = settledItem({ addedId: 5, since: toInstant(NOW - timing.parkedAfterMs) });

function unready(part: Partial<UnreadyName> = {}): UnreadyName {
  return { name: DOMAIN, reason: 'dns-none', fix: 'Set an A record', leadsHere: false, ...part };
}

interface Stored {
  readonly domain?: Partial<DomainItem> | null;
  readonly request?: Partial<CertificateItem>;
  readonly rows?: readonly HostedDomain[];
  readonly access?: Partial<Access>;
}

async function parked(
  names: readonly UnreadyName[],
  { domain = {}, request, rows = [row()], access = {} }: Stored = {},
) {
  const world = certificateWorld({ access: () => access });
  const { ledger, services } = world;
  if (domain !== null) ledger.put(domainKey(NETWORK, DOMAIN), { ...served, ...domain });
  if (request !== undefined) ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem(request));
  const secret = await services.networks.access(NETWORK, { fresh: false });
  if (secret === undefined) throw new Error('There is no secret');
  const found = await parkNames(names, rows, { network: NETWORK, access: secret }, services);
  return { ...found, item: ledger.peek(domainKey(NETWORK, DOMAIN)), ledger };
}

const NONE = { begun: false, nextAt: null };

describe('a name that holds the order of all is parked', () => {
  test.each<ParkingReason>(['dns-none', 'dns-mismatch', 'dns-ipv6'])(
    'where no visitor reaches the server by it: %s',
    async (reason) => {
      const { begun, nextAt, kept, item } = await parked([unready({ reason })]);
      expect({ begun, nextAt, kept }).toEqual({ begun: true, nextAt: null, kept: [] });
      expect(item).toMatchObject({ parking: { reason, at: NOW }, dueAt: NOW });
    },
  );

  test('once it has been served long enough for a customer to set its DNS, to the millisecond', async () => {
    const since = toInstant(NOW - timing.parkedAfterMs + SECOND);
    const { begun, nextAt, kept, item } = await parked([unready()], { domain: { since } });
    expect({ begun, nextAt, kept }).toEqual({ begun: false, nextAt: NOW + SECOND, kept: [] });
    expect(item?.parking).toBeNull();
  });

  test('at once where no certificate can ever cover it', async () => {
    const name = unready({ reason: 'name-unsupported', leadsHere: true });
    const since = toInstant(NOW);
    const request = { pointedHereAt: NOW - DAY };
    const { begun, item } = await parked([name], { domain: { since }, request });
    expect(begun).toBe(true);
    expect(item?.parking).toEqual({ reason: 'name-unsupported', at: NOW });
  });

  test('and the next of several may be parked at the earliest of their times', async () => {
    const second = 'second.example';
    const world = certificateWorld();
    const rows = [row(), row({ id: 6, name: second })];
    const added = (domain: string, id: number, ageMs: number) =>
      settledItem({
        domain,
        addedId: id,
        runcloudId: { id, serverId: '42', appId: '7' },
        since: toInstant(NOW - ageMs),
      });
    world.ledger.put(domainKey(NETWORK, DOMAIN), added(DOMAIN, 5, MINUTE));
    world.ledger.put(domainKey(NETWORK, second), added(second, 6, 3 * MINUTE));
    const access = await world.services.networks.access(NETWORK, { fresh: false });
    if (access === undefined) throw new Error('There is no secret');
    const names = [unready(), unready({ name: second }), unready({ name: 'unknown.example' })];
    const found = await parkNames(names, rows, { network: NETWORK, access }, world.services);
    expect(found).toEqual({
      begun: false,
      nextAt: NOW + timing.parkedAfterMs - 3 * MINUTE,
      kept: [unready({ name: 'unknown.example' })],
    });
  });
});

describe('a name stays in the web application', () => {
  test.each<[string, Partial<UnreadyName>]>([
    ['that leads here all the same', { leadsHere: true }],
    ['whose name servers give no answer', { reason: 'dns-unanswered' }],
    ['whose CAA records forbid the certificate', { reason: 'dns-caa' }],
  ])('%s', async (_what, part) => {
    const name = unready(part);
    const { kept, item, ...rest } = await parked([name]);
    expect(kept).toEqual([name]);
    expect(rest).toMatchObject(NONE);
    expect(item?.parking).toBeNull();
  });

  test.each<[string, Stored]>([
    ['that the network has forbidden to park', { access: { parkUnreadyNames: false } }],
    ['that the network protects', { access: { protectedDomains: [DOMAIN] } }],
    ['that has no row of its own', { rows: [row({ id: 6, name: 'second.example' })] }],
    ['that has two rows', { rows: [row(), row({ id: 6 })] }],
    ['that the relay does not know', { domain: null }],
    ['whose row the relay has not made', { domain: { addedId: null } }],
    ['that was seen to lead here', { request: { pointedHereAt: NOW - DAY } }],
    ['that the multisite has seen to lead here', { request: { dnsReadyAt: NOW - DAY } }],
    ['that has had a certificate', { request: { notAfter: toInstant(NOW - DAY) } }],
  ])('%s', async (_what, stored) => {
    const { kept, item, ...rest } = await parked([unready()], stored);
    expect(kept).toEqual([unready()]);
    expect(rest).toMatchObject(NONE);
    expect(item?.parking ?? null).toBeNull();
  });

  test('that no order can cover, but a certificate that was installed by hand', async () => {
    const name = unready({ reason: 'name-unsupported' });
    const { kept, begun } = await parked([name], { request: { state: 'valid' } });
    expect([kept, begun]).toEqual([[name], false]);
  });
});

describe('the row of a parked name that a person has added again', () => {
  const parking = { reason: 'dns-none', at: NOW - DAY } as const;
  const away = { state: 'parked', reason: 'dns-none', parking, runcloudId: null, addedId: null } as const;

  test('is left to the next pass over the domain, and no order is made before it', async () => {
    const { begun, kept, item } = await parked([unready()], { domain: away });
    expect([begun, kept]).toEqual([true, []]);
    expect(item).toMatchObject({ state: 'parked', dueAt: NOW, sendAt: NOW });
  });

  test('stays where its domain is open work already', async () => {
    const { begun, kept, item } = await parked([unready()], { domain: { ...away, dueAt: NOW + 7 } });
    expect([begun, kept]).toEqual([false, [unready()]]);
    expect(item?.dueAt).toBe(NOW + 7);
  });
});

test('a name whose item cannot be read holds the order, and keeps no other from being parked', async () => {
  const second = 'second.example';
  const world = certificateWorld();
  world.ledger.put(domainKey(NETWORK, DOMAIN), served);
  world.ledger.put(domainKey(NETWORK, second), { ...served, domain: second });
  await world.ledger.spoil(domainKey(NETWORK, second));
  const access = await world.services.networks.access(NETWORK, { fresh: false });
  if (access === undefined) throw new Error('There is no secret');
  const names = [unready(), unready({ name: second })];
  const rows = [row(), row({ id: 6, name: second })];
  const found = await parkNames(names, rows, { network: NETWORK, access }, world.services);
  expect(found).toEqual({ begun: true, nextAt: null, kept: [unready({ name: second })] });
});
