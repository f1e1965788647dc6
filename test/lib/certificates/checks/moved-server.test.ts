import { expect, test } from '@jest/globals';
import type { DnsGate } from '../../../../lib/dns/gate.ts';
import { type CertificateCall, memoryCertificates } from '../../../doubles/certificates.ts';
import { certificateWorld, elsewhere } from '../../../support/certificates/certificate-world.ts';
import { APP, DAY, DOMAIN, HOUR, MINUTE, NOW } from '../../../support/sync/items.ts';

const OLD = '203.0.113.10';
const NEW = '203.0.113.99';

/** Every name leads to the address that the server has now. */
const dnsGate: DnsGate = async (name, { serverAddresses }) =>
  serverAddresses.includes(NEW) ? { kind: 'here', addresses: [NEW] } : elsewhere(name);

function movedWorld(readAt: number, moved = NEW) {
  const calls: CertificateCall[] = [];
  const runcloud = memoryCertificates({
    mode: 'basic',
    address: moved,
    onCall: async (call) => void calls.push(call),
  });
  const world = certificateWorld({ access: { certificates: () => runcloud }, services: { dnsGate } });
  world.putNetwork({ server: { serverId: APP.serverId, address: OLD, readAt } });
  const asked = () => calls.filter(({ op }) => op === 'address').length;
  return { world, asked };
}

test('names that lead to the new address of their server do not wait for DNS', async () => {
  const { world, asked } = movedWorld(NOW - 2 * HOUR);
  for (const name of [DOMAIN, 'second.example']) await world.arrive(name);
  await world.time.advance(MINUTE);
  await world.pass();
  for (const name of [DOMAIN, 'second.example'])
    expect(await world.request(name)).toMatchObject({ state: 'requested', fix: null });
  expect(asked()).toBe(1);
  expect((await world.network()).server).toMatchObject({ address: NEW });
});

test('RunCloud is asked once an hour for names that lead elsewhere', async () => {
  const { world, asked } = movedWorld(NOW - 2 * HOUR, OLD);
  await world.arrive();
  await world.live(DAY / 2);
  expect((await world.request()).state).toBe('waiting-dns');
  expect(asked()).toBeGreaterThan(1);
  expect(asked()).toBeLessThanOrEqual(12);
});
