import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { certificateKey, networkKey, sweepKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { DOMAIN, domainItem, MINUTE, NOW, SECOND } from '../../../support/sync/items.ts';
import { certificateDelays, name, sweepWorld } from '../../../support/sync/sweep-world.ts';

function networkOf(n: number) {
  return `network-${String(n).padStart(3, '0')}`;
}

type Asking = Ledger['dueCertificates'];

/** So many networks with a due certificate each, whose questions to the index go through `asking`. */
async function worldOf(
  networks: number,
  asking: (ask: Asking) => Asking = (ask) => ask,
  onCertificates: () => void = () => {},
) {
  const world = await sweepWorld([], {
    ledger: (ledger) => ({ dueCertificates: asking(ledger.dueCertificates) }),
    onCertificates,
  });
  for (let n = 0; n < networks; n += 1) world.putCertificate({ network: networkOf(n) });
  return {
    ...world,
    told: () => world.sentForCertificates.map(({ message: { network } }) => network).toSorted(),
    all: Array.from({ length: networks }, (_, n) => networkOf(n)),
  };
}

describe('due certificates', () => {
  test('of every network are found, whatever its own schedule, ten networks at a time', async () => {
    let open = 0;
    let most = 0;
    const world = await worldOf(250, (ask) => async (...asked) => {
      open += 1;
      most = Math.max(most, open);
      await new Promise(setImmediate);
      open -= 1;
      return ask(...asked);
    });
    expect(world.ledger.peek(networkKey(networkOf(7)))?.sendAt).toBeNull();
    expect(await world.sweep()).toEqual({ sent: 250, failed: 0 });
    expect(world.told()).toEqual(world.all);
    expect(most).toBe(10);
    expect(await world.sweep()).toEqual({ sent: 0, failed: 0 });
  });

  test('of a network with thousands hold up no other, and are all found', async () => {
    let rounds = 0;
    const world = await worldOf(30, undefined, () => {
      rounds += 1;
      if (rounds === 2) void world.clock.advance(50 * SECOND);
    });
    for (let n = 0; n < 2_000; n += 1) world.putCertificate({ network: 'a-large-one', domain: name(n) });
    world.putCertificate({ network: 'z-the-last' });
    await world.sweep();
    expect(new Set(world.told())).toEqual(new Set(['a-large-one', ...world.all, 'z-the-last']));
    await world.sweep();
    const isDue = ({ sendAt }: { readonly sendAt: number | null }) => sendAt === NOW;
    expect(world.ledger.all('certificate').filter(isDue)).toEqual([]);
  });

  test('are looked for in turns of a hundred networks, so that other work need not wait for thousands', async () => {
    const order: string[] = [];
    const world = await sweepWorld(
      Array.from({ length: 101 }, (_, n) => domainItem({ domain: name(n) })),
      {
        ledger: (ledger) => ({
          due: (kind, ...asked) => {
            if (kind === 'domain') order.push('domains');
            return ledger.due(kind, ...asked);
          },
          dueCertificates: async () => {
            order.push('a network');
            return [];
          },
        }),
      },
    );
    for (let n = 0; n < 300; n += 1) world.putCertificate({ network: networkOf(n) });
    await world.sweep();
    expect(order.indexOf('domains', 1)).toBe(101);
    expect(order.filter((what) => what === 'a network')).toHaveLength(300);
  });

  test('of a network whose index is throttled wait; those of the others are found, and the sweep ends with the error', async () => {
    const world = await worldOf(30, (ask) => async (network, asked) => {
      if (network === networkOf(3)) throw new Unavailable('ledger');
      return ask(network, asked);
    });
    await expect(world.sweep()).rejects.toMatchObject({ what: 'ledger' });
    expect(world.told()).toEqual(world.all.filter((network) => network !== networkOf(3)));
  });

  test('while the index is away are not asked for network by network', async () => {
    let asked = 0;
    const world = await worldOf(300, () => async () => {
      asked += 1;
      throw new Unavailable('ledger');
    });
    await expect(world.sweep()).rejects.toMatchObject({ what: 'ledger' });
    expect(asked).toBe(10);
    // Ten that are throttled for ever must not keep the index from those behind them.
    expect(world.ledger.peek(sweepKey)?.nextNetwork).toBe(networkOf(10));
  });

  test('of a network that cannot be read are found, and one of them that cannot be holds up no other', async () => {
    const world = await worldOf(2);
    world.putCertificate({ network: networkOf(0), domain: 'spoilt.example' });
    await world.ledger.spoil(networkKey(networkOf(0)));
    await world.ledger.spoil(certificateKey(networkOf(0), 'spoilt.example'));
    expect(await world.sweep()).toEqual({ sent: 2, failed: 0 });
    expect(world.reported).toMatchObject([{ item: 'certificate#spoilt.example' }]);
    const sendAt = NOW + certificateDelays.resendMs;
    expect(world.ledger.peek(certificateKey(networkOf(0), DOMAIN))).toMatchObject({ sendAt });
    expect(world.ledger.peek(certificateKey(networkOf(1), DOMAIN))).toMatchObject({ sendAt });
  });

  test('that the index still shows after their message are not sent for again', async () => {
    const world = await worldOf(
      1,
      (ask) =>
        async (network, { limit }) =>
          ask(network, { until: NOW + MINUTE, limit }).then((rows) => (rows.length > 0 ? rows : [shown])),
    );
    const shown = { network: networkOf(0), item: certificateKey('', DOMAIN).item, sendAt: NOW, dueAt: NOW };
    expect(await world.sweep()).toEqual({ sent: 1, failed: 0 });
  });
});

describe('a sweep that has no time for all networks', () => {
  /** Ten questions take a second, so a sweep of 50 s comes to some 450 networks. */
  const slow = async (networks: number) => {
    const world = await worldOf(networks, (ask) => async (...asked) => {
      await world.clock.advance(100);
      return ask(...asked);
    });
    return world;
  };

  test('ends in time, and the next one begins where it ended', async () => {
    const world = await slow(1_000);
    await world.sweep();
    const first = new Set(world.told());
    expect(first.size).toBeGreaterThan(300);
    expect(first.size).toBeLessThan(600);
    expect(world.ledger.peek(sweepKey)).toMatchObject({ owner: null, nextNetwork: networkOf(first.size) });
    await world.sweep();
    await world.sweep();
    expect(new Set(world.told())).toEqual(new Set(world.all));
  });

  test('and is killed leaves the next one where it began', async () => {
    const world = await worldOf(3);
    const killed = { owner: 'killed', leaseUntil: NOW, nextNetwork: networkOf(2) };
    world.ledger.put(sweepKey, killed);
    const asked: string[] = [];
    const ended = await sweepWorld([], {
      ledger: () => ({
        ...world.ledger,
        dueCertificates: async (network) => {
          asked.push(network);
          return [];
        },
      }),
    });
    await ended.sweep();
    expect(asked).toEqual([networkOf(2), networkOf(0), networkOf(1)]);
    expect(world.ledger.peek(sweepKey)?.nextNetwork).toBeNull();
  });

  test('goes on behind a network that is gone', async () => {
    const world = await worldOf(3);
    world.ledger.put(sweepKey, { owner: null, leaseUntil: 0, nextNetwork: 'zzz' });
    await world.sweep();
    expect(world.told()).toEqual(world.all);
  });
});
