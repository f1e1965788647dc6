import { afterEach, describe, expect, test } from '@jest/globals';
import {
  closeWorlds,
  dayMs,
  hourMs,
  minuteMs,
  secureWorld,
} from '../../../support/certificates/secure-world.ts';

const domain = 'shop.acme-bikes.com';
const here = '127.0.0.1';
const elsewhere = '198.51.100.7';
const cloudflare = '104.16.1.2';

afterEach(closeWorlds);

describe('a name passes', () => {
  test('by a chain of aliases that ends here', async () => {
    const world = await secureWorld();
    world.point(domain, { CNAME: 'shops.acme-bikes.com' });
    world.point('shops.acme-bikes.com', { CNAME: world.ownDomain });
    await world.add(domain);
    await world.stands(domain, { state: 'valid', via: null });
  });

  test('when every address is the server’s or one of SERVER_ADDRESSES', async () => {
    const world = await secureWorld({ serverAddresses: ['203.0.113.20', '2001:db8::20'] });
    world.proxies.add('2001:0db8:0:0:0:0:0:20');
    world.point(domain, { A: [here, '203.0.113.20'], AAAA: ['2001:db8:0::20'] });
    await world.add(domain);
    await world.stands(domain, { state: 'valid' });
  });

  test('when Cloudflare stands before it; the handshake is with the server itself', async () => {
    const world = await secureWorld();
    world.proxies.add(cloudflare);
    world.point(domain, { A: [cloudflare] });
    await world.add(domain);
    await world.stands(domain, { state: 'valid', via: null });
    expect(world.edge.asked).toContain(domain);
  });
});

describe('the multisite’s proof that a name reaches it', () => {
  test('lets unknown addresses pass', async () => {
    const world = await secureWorld();
    world.proxies.add(elsewhere);
    world.point(domain, { A: [elsewhere] });
    await world.add(domain);
    await world.stands(domain, { state: 'waiting-dns', reason: 'dns-mismatch' });
    await world.retry(domain, 'manual');
    await world.pass(minuteMs);
    expect((await world.item(domain))?.state).toBe('waiting-dns');
    await world.retry(domain, 'dns_ready');
    await world.stands(domain, { state: 'valid' });
  });

  test.each([
    { what: 'a name that does not exist', records: null, reason: 'dns-none' },
    { what: 'a name without an address', records: { TXT: ['here'] }, reason: 'dns-none' },
    {
      what: 'a CAA record',
      records: { A: [elsewhere], CAA: [{ tag: 'issue', value: ';' }] },
      reason: 'dns-caa',
    },
    {
      what: 'a question without an answer',
      records: { A: [elsewhere], faults: { AAAA: 'servfail' } },
      reason: 'dns-unanswered',
    },
  ] as const)('does not override $what', async ({ records, reason }) => {
    const world = await secureWorld();
    world.point(domain, records);
    await world.add(domain);
    await world.retry(domain, 'dns_ready');
    await world.stands(domain, { state: 'waiting-dns', reason });
    await world.pass(hourMs);
    expect(world.orders()).toEqual([]);
  });
});

describe('the wait for a customer’s DNS', () => {
  test('grows from a minute to four hours for a week, then is a day; no dead letter is ever sent', async () => {
    const world = await secureWorld();
    await world.add(domain);
    const { dueAt } = await world.stands(domain, { state: 'waiting-dns' });
    const delays: number[] = [(dueAt ?? 0) - world.clock.now()];
    const begunAt = world.clock.now();
    while (world.clock.now() < begunAt + 9 * dayMs) {
      await world.step();
      delays.push(((await world.item(domain))?.dueAt ?? 0) - world.clock.now());
    }
    const [first = 0] = delays;
    expect(first).toBeGreaterThanOrEqual(minuteMs);
    expect(first).toBeLessThan(2 * minuteMs);
    expect(delays.toSorted((a, b) => a - b)).toEqual(delays);
    expect(delays.filter((waitMs) => waitMs > 3 * hourMs && waitMs <= 4 * hourMs).length).toBeGreaterThan(30);
    expect(delays.at(-1)).toBeGreaterThan(20 * hourMs);
    expect(world.deadLetters()).toEqual([]);
    expect(world.runcloud.requests.filter(({ path }) => path.includes('/ssl'))).toEqual([]);
  });

  test('is skipped by ssl_retry', async () => {
    const world = await secureWorld();
    await world.add(domain);
    await world.pass(2 * dayMs);
    world.pointHere(domain);
    await world.retry(domain);
    await world.stands(domain, { state: 'valid' }, { withinMs: 10 * minuteMs });
  });

  test('ends when the domain is removed', async () => {
    const world = await secureWorld();
    await world.add(domain);
    await world.stands(domain, { state: 'waiting-dns' });
    await world.remove(domain);
    await world.stands(domain, { state: 'none', wanted: false, dueAt: null });
    expect(await world.list('waiting-dns')).toEqual([]);
  });
});
