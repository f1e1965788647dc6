import { describe, expect, test } from '@jest/globals';
import type { Points } from '../../../../lib/sync/ledger/domains/www.ts';
import { certificateKey } from '../../../../lib/sync/ledger/keys.ts';
import { memoryCertificates } from '../../../doubles/certificates.ts';
import {
  APP,
  certificateItem,
  DAY,
  DOMAIN,
  domainItem,
  HOUR,
  NETWORK,
  NOW,
  networkItem,
  row,
} from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

function pointing(points: Points, part: Parameters<typeof reconcileWorld>[0] = {}) {
  const asked: { name: string; serverAddresses: readonly string[] }[] = [];
  const world = reconcileWorld({
    ...part,
    services: {
      askWww: async (name, { serverAddresses }) => {
        asked.push({ name, serverAddresses });
        return points;
      },
    },
  });
  return { world, asked };
}

const wanted = domainItem({ www: true });
const known = domainItem({ www: true, runcloudId: { id: 5, ...APP }, answered: true, state: 'present' });

describe('a new domain that wants its www', () => {
  test.each<[Points, boolean]>([
    ['here', true],
    ['proxied', true],
    ['elsewhere', false],
    ['none', false],
    ['unanswered', false],
  ])('whose www. points %s is added with www %s', async (points, www) => {
    const { world } = pointing(points);
    await world.putDomain(wanted);
    await world.pass();
    expect(world.calls).toEqual([{ op: 'add', name: DOMAIN, www }]);
    expect(await world.domain()).toMatchObject({ state: 'present', www: true, wwwServed: www });
  });
});

describe('a domain that is served', () => {
  test('gets its www. once that points here, and its certificate is checked again', async () => {
    const { world } = pointing('here', { rows: [row()] });
    await world.putDomain({ ...known, wwwServed: false });
    const day = new Date(NOW + DAY).toISOString();
    const valid = certificateItem({ state: 'valid', notAfter: day, dueAt: NOW + DAY, sendAt: NOW + DAY });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), valid);
    await world.pass();
    expect(world.ops()).toContain('update');
    expect(await world.domain()).toMatchObject({ wwwServed: true, dueAt: null });
    const request = await world.certificate();
    expect(request.dueAt).toBeLessThan(NOW + HOUR);
    expect(request).toMatchObject({ state: 'valid', revision: valid.revision + 1 });
    expect(world.certificateQueue.sent).toMatchObject([{ message: { network: NETWORK } }]);
  });

  test('that the row of its apex has served until now gets a row of its own, and its certificate is checked again', async () => {
    const { world } = pointing('here');
    const apexServed = { ...known, domain: `www.${DOMAIN}`, www: false, runcloudId: null, wwwServed: null };
    await world.putDomain({ ...apexServed, reason: 'served-by-apex' });
    const valid = certificateItem({
      domain: `www.${DOMAIN}`,
      state: 'valid',
      dueAt: NOW + DAY,
      sendAt: NOW + DAY,
    });
    world.ledger.put(certificateKey(NETWORK, `www.${DOMAIN}`), valid);
    await world.pass(`www.${DOMAIN}`);
    expect(await world.domain(`www.${DOMAIN}`)).toMatchObject({ state: 'present', reason: null });
    expect((await world.certificate(`www.${DOMAIN}`)).dueAt).toBeLessThan(NOW + HOUR);
  });

  test('loses its www. while its certificate cannot be read, which wakes the www. of its own all the same', async () => {
    const { world } = pointing('here', { rows: [row({ www: true })] });
    const www = { ...known, domain: `www.${DOMAIN}`, www: false, runcloudId: null, wwwServed: null };
    await world.putDomain({ ...www, reason: 'served-by-apex', dueAt: null, sendAt: null });
    await world.putDomain({ ...known, www: false, wwwServed: true });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ state: 'valid' }));
    await world.ledger.spoil(certificateKey(NETWORK, DOMAIN));
    await world.pass();
    expect(await world.domain()).toMatchObject({ wwwServed: false, dueAt: expect.any(Number) });
    expect((await world.domain(`www.${DOMAIN}`)).dueAt).not.toBeNull();
  });

  test('and whose row is gone gets another one, and its certificate is checked again', async () => {
    const { world } = pointing('here', { rows: [row({ id: 7, name: 'other.example' })] });
    await world.putDomain({ ...known, www: false, wwwServed: false });
    world.ledger.put(
      certificateKey(NETWORK, DOMAIN),
      certificateItem({ state: 'valid', dueAt: NOW + DAY, sendAt: NOW + DAY }),
    );
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', runcloudId: { id: 8 }, dueAt: null });
    expect((await world.certificate()).dueAt).toBeLessThan(NOW + HOUR);
  });

  test('loses its www. once that points elsewhere, which is no news for its certificate', async () => {
    const { world } = pointing('elsewhere', { rows: [row({ www: true })] });
    await world.putDomain({ ...known, wwwServed: true });
    world.ledger.put(
      certificateKey(NETWORK, DOMAIN),
      certificateItem({ state: 'valid', dueAt: NOW + DAY, sendAt: NOW + DAY }),
    );
    await world.pass();
    expect(world.hosting.rows.get(5)).toMatchObject({ www: false });
    expect((await world.domain()).wwwServed).toBe(false);
    expect((await world.certificate()).dueAt).toBe(NOW + DAY);
  });

  test.each([true, false])('keeps its www (%s) while DNS does not answer', async (www) => {
    const { world } = pointing('unanswered', { rows: [row({ www })] });
    await world.putDomain({ ...known, wwwServed: www });
    await world.pass();
    expect(world.hosting.rows.get(5)).toMatchObject({ www });
  });
});

test('a domain that was removed and is added again awaits no order that was made for its old row', async () => {
  const { world } = pointing('here');
  await world.putDomain(domainItem({ answered: true }));
  const ordered = certificateItem({
    state: 'requested',
    orderedAt: NOW,
    dueAt: NOW + HOUR,
    sendAt: NOW + HOUR,
  });
  world.ledger.put(certificateKey(NETWORK, DOMAIN), ordered);
  await world.pass();
  expect(await world.domain()).toMatchObject({ state: 'present', runcloudId: APP });
  expect(await world.certificate()).toMatchObject({ state: 'pending', orderedAt: null });
  expect((await world.certificate()).dueAt).toBeLessThan(NOW + HOUR);
});

test('a removal wakes the www. that the row has served, though the update that turned it on was never read back', async () => {
  const { world } = pointing('here', { rows: [row({ www: true })] });
  await world.putDomain({ ...known, wanted: 'absent', wwwServed: false, dueAt: NOW, sendAt: NOW });
  const www = { ...known, domain: `www.${DOMAIN}`, www: false, runcloudId: null, wwwServed: null };
  await world.putDomain({ ...www, reason: 'served-by-apex', dueAt: null, sendAt: null });
  await world.pass();
  expect(world.hosting.rows.size).toBe(0);
  expect((await world.domain(`www.${DOMAIN}`)).dueAt).not.toBeNull();
});

describe('DNS is not asked where www. points', () => {
  test.each([
    ['for a domain that does not want it', domainItem({ www: false })],
    ['for a name that is a www. itself', domainItem({ domain: `www.${DOMAIN}`, www: true })],
    ['for a removal', domainItem({ wanted: 'absent', www: true, runcloudId: { id: 5, ...APP } })],
  ])('%s', async (_title, item) => {
    const { world, asked } = pointing('here');
    await world.putDomain(item);
    await world.pass(item.domain);
    expect(asked).toEqual([]);
  });
});

test('www. is compared with the server’s address as RunCloud states it, asked for once a day, and the secret’s', async () => {
  const calls: string[] = [];
  const certificates = () =>
    memoryCertificates({
      address: '192.0.2.1',
      onCall: async ({ op }) => void calls.push(op),
    });
  const { world, asked } = pointing('here', { access: { certificates, serverAddresses: ['198.51.100.2'] } });
  await world.putNetwork(networkItem());
  for (const domain of [DOMAIN, 'second.example']) {
    await world.putDomain({ ...wanted, domain });
    await world.pass(domain);
  }
  expect(asked).toEqual([
    { name: `www.${DOMAIN}`, serverAddresses: ['192.0.2.1', '198.51.100.2'] },
    { name: 'www.second.example', serverAddresses: ['192.0.2.1', '198.51.100.2'] },
  ]);
  expect(calls).toEqual(['address']);
});

describe('a server that has moved to another address since that was read', () => {
  const OLD = '203.0.113.10';
  const NEW = '203.0.113.99';
  const served = row({ www: true });

  async function movedWorld(part: Partial<Parameters<typeof domainItem>[0]>, moved = NEW) {
    const calls: string[] = [];
    const world = reconcileWorld({
      rows: [served],
      access: {
        certificates: () =>
          memoryCertificates({ address: moved, onCall: async ({ op }) => void calls.push(op) }),
      },
      services: {
        askWww: async (_name, { serverAddresses }) => (serverAddresses.includes(NEW) ? 'here' : 'elsewhere'),
      },
    });
    const server = { serverId: APP.serverId, address: OLD, readAt: NOW - 2 * HOUR };
    await world.putNetwork(networkItem({ server, refusesDuplicates: true }));
    await world.putDomain({ ...known, wwwServed: true, ...part });
    await world.pass();
    return { world, calls };
  }

  test('takes no www. away', async () => {
    const { world, calls } = await movedWorld({});
    expect(world.ops()).toEqual(['find']);
    expect(calls).toEqual(['address']);
    expect(await world.domain()).toMatchObject({ wwwServed: true, state: 'present' });
    expect((await world.network()).server).toMatchObject({ address: NEW, readAt: NOW });
  });

  test('takes no row away', async () => {
    const parking = { reason: 'dns-mismatch', at: NOW } as const;
    const { world } = await movedWorld({ addedId: 5, parking });
    expect(world.ops()).not.toContain('remove');
    expect(await world.domain()).toMatchObject({ state: 'present', parking: null });
  });

  test('a www. that leads elsewhere for another reason is taken away as before', async () => {
    const { world } = await movedWorld({}, OLD);
    expect(world.ops()).toContain('update');
    expect(await world.domain()).toMatchObject({ wwwServed: false });
  });
});
