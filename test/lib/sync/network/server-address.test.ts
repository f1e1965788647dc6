import { describe, expect, test } from '@jest/globals';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { serverAddressOf } from '../../../../lib/sync/network/server-address.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { DAY, NETWORK, NOW, networkItem } from '../../../support/sync/items.ts';

async function asking({
  told = '203.0.113.10' as string | null,
  serverAddresses = [] as readonly string[],
  server = null as { serverId: string; address: string; readAt: number } | null,
} = {}) {
  const ledger = memoryLedger();
  const stored = server === null ? undefined : networkItem({ server });
  if (stored !== undefined) ledger.put(networkKey(NETWORK), stored);
  const world = certificateWorld();
  const access = await world.services.networks.access(NETWORK, { fresh: false });
  if (access === undefined) throw new Error('The world has a secret');
  let asked = 0;
  const runcloud = {
    serverAddress: async () => {
      asked += 1;
      return told ?? undefined;
    },
  };
  const at = { network: NETWORK, stored, access: { ...access, serverAddresses } };
  const address = await serverAddressOf(at, runcloud, { ledger, clock: world.clock });
  return { address, asked, kept: (await ledger.read(networkKey(NETWORK)))?.item.server };
}

describe('the address of a server', () => {
  test('is asked for, and kept', async () => {
    expect(await asking()).toEqual({
      address: '203.0.113.10',
      asked: 1,
      kept: { serverId: '42', address: '203.0.113.10', readAt: NOW },
    });
  });

  test.each([
    { title: 'kept since today', server: { serverId: '42', readAt: NOW - DAY + 1 }, asked: 0 },
    { title: 'kept since yesterday', server: { serverId: '42', readAt: NOW - DAY }, asked: 1 },
    { title: 'of another server', server: { serverId: '43', readAt: NOW }, asked: 1 },
  ])('$title: asked for $asked times', async ({ server, asked }) => {
    const found = await asking({ server: { ...server, address: '198.51.100.1' } });
    expect(found.asked).toBe(asked);
    expect(found.address).toBe(asked === 0 ? '198.51.100.1' : '203.0.113.10');
  });

  test('is the first of the secret where RunCloud has none', async () => {
    const found = await asking({ told: null, serverAddresses: ['192.0.2.1', '192.0.2.2'] });
    expect(found.address).toBe('192.0.2.1');
  });

  test('is unknown where neither has one, and nothing is kept', async () => {
    expect(await asking({ told: null })).toMatchObject({ address: undefined, kept: undefined });
  });
});
