import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { claimKey, networkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import type { App } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { ensureClaim, hasLeft } from '../../../../lib/sync/network/claim.ts';
import { claimWorld } from '../../../support/sync/claim-world.ts';
import { APP, HOUR, MINUTE, NETWORK, NOW, OTHER_APP } from '../../../support/sync/items.ts';

/** The key of this application's claim is throttled. */
function throttledAt(ledger: Ledger, app: App): Ledger {
  const { network, item } = claimKey(app.serverId, app.appId);
  return {
    ...ledger,
    read: async (key) => {
      if (key.network === network && key.item === item) throw new Unavailable('ledger');
      return ledger.read(key);
    },
  };
}

describe('an application whose release failed', () => {
  const unreleased = async () => {
    const world = claimWorld();
    await world.ensure();
    const access = { app: OTHER_APP, readAt: NOW + HOUR };
    const moving = world.pass({ access, now: NOW + HOUR }, throttledAt(world.ledger, APP));
    await expect(moving).rejects.toThrow(Unavailable);
    expect((await world.network())?.claim).toMatchObject(OTHER_APP);
    expect(await world.claim()).toEqual({ network: NETWORK, renewedAt: NOW });
    return world;
  };

  test('is free for others, because its network has another one', async () => {
    const { ensure, claim } = await unreleased();
    await ensure(NOW + 2 * HOUR, APP, 'staging');
    expect(await claim()).toEqual({ network: 'staging', renewedAt: NOW + 2 * HOUR });
  });

  test('stays claimed where the item of its network cannot be read', async () => {
    const { ledger, ensure } = await unreleased();
    await ledger.spoil(networkKey(NETWORK));
    await expect(ensure(NOW + 2 * HOUR, APP, 'staging')).rejects.toMatchObject({ name: 'AppClaimed' });
  });

  test('stays claimed where its network has come back meanwhile', async () => {
    const { ledger, ensure, pass } = await unreleased();
    const late: Ledger = {
      ...ledger,
      read: async (key) => {
        const seen = await ledger.read(key);
        if (key.item === networkKey(NETWORK).item && key.network === NETWORK) await ensure(NOW + 2 * HOUR);
        return seen;
      },
    };
    const taking = pass(
      { access: { app: APP, readAt: NOW + 2 * HOUR }, now: NOW + 2 * HOUR, name: 'staging' },
      late,
    );
    await expect(taking).rejects.toMatchObject({ name: 'AppClaimed' });
  });
});

describe('an application that was claimed and not noted', () => {
  const unnoted = async () => {
    const world = claimWorld();
    await world.ensure();
    const { serverId, appId } = OTHER_APP;
    await world.ledger.write(claimKey(serverId, appId), { network: NETWORK, renewedAt: NOW }, 0);
    return world;
  };

  test('is not taken from a worker that may still note it', async () => {
    const { ensure } = await unnoted();
    const taking = ensure(NOW + 6 * MINUTE, OTHER_APP, 'staging');
    await expect(taking).rejects.toMatchObject({ name: 'AppClaimed' });
  });

  test('is free once its worker was stopped', async () => {
    const { ensure, claim } = await unnoted();
    await ensure(NOW + 7 * MINUTE, OTHER_APP, 'staging');
    expect((await claim(OTHER_APP))?.network).toBe('staging');
  });
});

describe('two networks that exchange their applications', () => {
  const refused = { name: 'AppClaimed' };
  const exchanging = async () => {
    const world = claimWorld();
    await world.ensure();
    await world.ensure(NOW, OTHER_APP, 'staging');
    return world;
  };

  test('each get the other’s', async () => {
    const { ensure, network } = await exchanging();
    await expect(ensure(NOW + HOUR, OTHER_APP)).rejects.toMatchObject(refused);
    await ensure(NOW + HOUR, APP, 'staging');
    await ensure(NOW + 2 * HOUR, OTHER_APP);
    expect((await network('staging'))?.claim).toMatchObject(APP);
    expect(await network()).toMatchObject({ claim: OTHER_APP, requeue: { reason: 'moved' } });
  });

  test('do so though a release fails', async () => {
    const { ledger, ensure, pass } = await exchanging();
    const access = { app: OTHER_APP, readAt: NOW + HOUR };
    await expect(pass({ access, now: NOW + HOUR }, throttledAt(ledger, APP))).rejects.toThrow(Unavailable);
    await ensure(NOW + HOUR, APP, 'staging');
    await ensure(NOW + 2 * HOUR, OTHER_APP);
  });

  test('give nothing up for a secret that was read before the one that claimed', async () => {
    const { ledger, claim, network } = await exchanging();
    const stored = await network();
    const access = { app: OTHER_APP, readAt: NOW };
    const late = ensureClaim(ledger, stored, { network: NETWORK, access, now: NOW + MINUTE });
    await expect(late).rejects.toMatchObject(refused);
    expect(await network()).toEqual(stored);
    expect(await claim()).toEqual({ network: NETWORK, renewedAt: NOW });
  });

  test('do not take up again what they gave up for a secret that was read later', async () => {
    const { ensure, pass, network, claim } = await exchanging();
    await expect(ensure(NOW + HOUR, OTHER_APP)).rejects.toMatchObject(refused);
    const access = { app: APP, readAt: NOW + HOUR - MINUTE };
    await expect(pass({ access, now: NOW + HOUR + MINUTE })).rejects.toMatchObject({ name: 'NotBefore' });
    expect(hasLeft(await network(), APP)).toBe(true);
    expect(await claim()).toEqual({ network: NETWORK, renewedAt: 0 });
  });

  test('have their own again once the secret names it again, unless it was taken', async () => {
    const { ensure, network, claim } = await exchanging();
    await expect(ensure(NOW + HOUR, OTHER_APP)).rejects.toMatchObject(refused);
    await expect(ensure(NOW + 2 * HOUR, OTHER_APP)).rejects.toMatchObject(refused);
    await ensure(NOW + 3 * HOUR);
    expect(await claim()).toEqual({ network: NETWORK, renewedAt: NOW + 3 * HOUR });
    expect(hasLeft(await network(), APP)).toBe(false);
    expect((await network())?.requeue).toBeNull();
  });
});
