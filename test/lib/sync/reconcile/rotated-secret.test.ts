import { describe, expect, test } from '@jest/globals';
import { cachedSecrets } from '../../../../lib/aws/secret-cache.ts';
import { RuncloudUnauthorized } from '../../../../lib/runcloud/errors.ts';
import type { Clock } from '../../../../lib/sync/ledger/ports.ts';
import type { Access, Networks } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { memoryCertificates } from '../../../doubles/certificates.ts';
import { certificateWorld } from '../../../support/certificates/certificate-world.ts';
import { domainItem, MINUTE, NETWORK, NOW, networkItem, SECOND } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

/** A secret as a worker keeps it, and a RunCloud that accepts the current token alone. */
class Rotating {
  reads = 0;
  #token = 'old';
  #asked = '';
  #clock: Clock | undefined;
  readonly #kept = cachedSecrets(
    async () => {
      this.reads += 1;
      const credentialFingerprint = this.#token;
      await this.#clock?.sleep(1);
      return { credentialFingerprint, readAt: this.#now() };
    },
    { now: () => this.#now() },
  );

  #now(): number {
    return this.#clock?.now() ?? NOW;
  }

  rotate(): void {
    this.#token = 'new';
  }

  async read(fresh: boolean) {
    const secret = await this.#kept.settings(NETWORK, { fresh });
    if (secret === undefined) throw new Error('There is a secret');
    this.#asked = secret.credentialFingerprint;
    return secret;
  }

  readonly refuseOthers = async (): Promise<void> => {
    await this.#clock?.sleep(1);
    if (this.#asked === this.#token) return;
    throw new RuncloudUnauthorized('No', { method: 'GET', path: '/domains', status: 401 });
  };

  /** The sessions of a world, with this secret in place of its own. */
  networks(of: Networks, clock: Clock): Networks {
    this.#clock = clock;
    return {
      access: async (network, { fresh }): Promise<Access | undefined> => {
        const access = await of.access(network, { fresh });
        return access && { ...access, ...(await this.read(fresh)) };
      },
    };
  }
}

async function domainWorker(item = domainItem()) {
  const secret = new Rotating();
  const world = reconcileWorld({ onCall: secret.refuseOthers });
  await world.putDomain(item);
  const networks = secret.networks(world.services.networks, world.services.clock);
  return { ...world, secret, pass: () => world.passWith({ ...world.services, networks }) };
}

async function certificateWorker() {
  const secret = new Rotating();
  const world = certificateWorld({ onCall: secret.refuseOthers });
  await world.arrive();
  await world.time.advance(20 * SECOND);
  const networks = secret.networks(world.services.networks, world.clock);
  return { ...world, secret, pass: () => world.pass({}, { others: { networks } }) };
}

describe('a secret that is rotated within ten seconds of a read', () => {
  test('is read again at once where it was read in passing', async () => {
    const world = await domainWorker();
    await world.secret.read(false);
    world.secret.rotate();
    await world.time.advance(9 * SECOND);
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present' });
    expect(await world.network()).toMatchObject({ pause: null });
    expect(world.services.clock.now()).toBeLessThan(NOW + 10 * SECOND);
    expect(world.secret.reads).toBe(2);
  });

  test.each(['present', 'absent'] as const)(
    'pauses nothing if it was just read afresh (%s): it is read again as soon as allowed',
    async (wanted) => {
      const world = await domainWorker(domainItem({ wanted }));
      await world.secret.read(true);
      await world.time.advance(SECOND);
      world.secret.rotate();
      await world.pass();
      expect(await world.domain()).toMatchObject({ state: wanted });
      expect(await world.network()).toMatchObject({ pause: null });
      expect(world.services.clock.now()).toBeGreaterThanOrEqual(NOW + 10 * SECOND);
      expect(world.services.clock.now()).toBeLessThan(NOW + 11 * SECOND);
      expect(world.secret.reads).toBe(2);
    },
  );

  test('pauses nothing where the server is asked for its address first', async () => {
    const world = await domainWorker(domainItem({ www: true }));
    await world.secret.read(true);
    world.secret.rotate();
    const { services, secret } = world;
    const kept = secret.networks(services.networks, services.clock);
    const networks: Networks = {
      access: async (network, options) => {
        const access = await kept.access(network, options);
        return (
          access && { ...access, certificates: () => memoryCertificates({ onCall: secret.refuseOthers }) }
        );
      },
    };
    await world.passWith({ ...services, networks });
    expect(await world.network()).toMatchObject({ pause: null });
    expect(await world.domain()).toMatchObject({ state: 'present' });
  });

  test('does not put the next probe off', async () => {
    const world = await domainWorker();
    await world.secret.read(true);
    world.secret.rotate();
    const pause = { code: 'runcloud-unauthorized', message: 'No', since: '', probeAt: NOW } as const;
    await world.putNetwork(networkItem({ pause }));
    await world.pass();
    expect(await world.network()).toMatchObject({ pause: null });
  });

  test('pauses no certificates', async () => {
    const world = await certificateWorker();
    await world.secret.read(true);
    world.secret.rotate();
    await world.pass();
    expect((await world.network()).pause).toBeNull();
    expect(await world.request()).toMatchObject({ attempts: 0, waitedMs: 0, owner: null });
    await world.time.advance(MINUTE);
    await world.pass();
    expect(world.orders).toHaveLength(1);
  });
});
