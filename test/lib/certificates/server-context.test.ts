import { describe, expect, test } from '@jest/globals';
import { openServerContext } from '../../../lib/certificates/server-context.ts';
import { RelayError, Unavailable } from '../../../lib/errors.ts';
import { RuncloudForbidden, RuncloudUnauthorized } from '../../../lib/runcloud/errors.ts';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { NotBefore } from '../../../lib/sync/ledger/errors.ts';
import { memoryCertificates } from '../../doubles/certificates.ts';
import { certificateWorld, SERVER } from '../../support/certificates/certificate-world.ts';
import { HOUR, NETWORK, NOW } from '../../support/sync/items.ts';

type Options = Parameters<typeof certificateWorld>[0];

async function opened(options: Options = {}) {
  const world = certificateWorld(options);
  world.putNetwork({});
  const serverAccess = await openServerContext(NETWORK, await world.network(), NOW + HOUR, world.services);
  return { world, serverAccess };
}

function refusing(error: () => Error) {
  return async () => {
    throw error();
  };
}

function unauthorized() {
  return new RuncloudUnauthorized('Not accepted', { method: 'GET', path: '/', status: 401 });
}

describe('the context of the server', () => {
  test('knows the server as RunCloud states it, then as the secret does', async () => {
    const access = () => ({ serverAddresses: ['203.0.113.20'], dnsTarget: 'sites.network.example' });
    const { serverAccess } = await opened({ access });
    expect(serverAccess).toMatchObject({
      session: { network: NETWORK },
      serverContext: {
        serverAddress: SERVER,
        serverAddresses: [SERVER, '203.0.113.20'],
        dnsTarget: 'sites.network.example',
      },
    });
    expect(serverAccess.interruption).toBeUndefined();
  });

  test('fails without an address', async () => {
    const certificates = () => ({ ...memoryCertificates(), serverAddress: async () => undefined });
    const { serverAccess } = await opened({ access: () => ({ certificates }) });
    expect(serverAccess.interruption).toMatchObject({ code: 'runcloud-unavailable' });
    expect(serverAccess.interruption).toHaveProperty('message', expect.stringContaining('SERVER_ADDRESSES'));
    expect(serverAccess.session).toBeDefined();
  });

  test('is not even begun with a faulty secret', async () => {
    const { serverAccess } = await opened({
      access: () => {
        throw new InvalidSecret('cannot be read');
      },
    });
    expect(serverAccess.session).toBeUndefined();
    expect(serverAccess.interruption).toBeInstanceOf(InvalidSecret);
  });

  test('is not blamed for what is a the ledger, a queue or Secrets Manager', async () => {
    const access = () => {
      throw new Unavailable('secrets');
    };
    await expect(opened({ access })).rejects.toThrow(Unavailable);
  });
});

describe('a token that RunCloud does not accept', () => {
  const onCall = refusing(unauthorized);

  test('was rotated meanwhile: the pass is repeated with the new one', async () => {
    const access = ({ fresh }: { fresh: boolean }) => (fresh ? { credentialFingerprint: 'new' } : {});
    const { world, serverAccess } = await opened({ onCall, access });
    expect(world.accesses).toEqual([{ fresh: false }, { fresh: true }]);
    expect(serverAccess.interruption).toBeInstanceOf(NotBefore);
    expect(serverAccess.interruption).toHaveProperty('until', NOW);
  });

  test('is the one that the secret holds still', async () => {
    const { world, serverAccess } = await opened({ onCall });
    expect(world.accesses).toEqual([{ fresh: false }, { fresh: true }]);
    expect(serverAccess.interruption).toBeInstanceOf(RuncloudUnauthorized);
  });

  test('and a secret that is faulty now: that is what is reported', async () => {
    const access = ({ fresh }: { fresh: boolean }) => {
      if (fresh) throw new InvalidSecret('cannot be read');
      return {};
    };
    const { serverAccess } = await opened({ onCall, access });
    expect(serverAccess.interruption).toBeInstanceOf(InvalidSecret);
  });

  test('and a secret that cannot be read again leaves the answer unknown, so the pass does not count', async () => {
    const access = ({ fresh }: { fresh: boolean }) => {
      if (fresh) throw new Unavailable('secrets');
      return {};
    };
    await expect(opened({ onCall, access })).rejects.toThrow(Unavailable);
  });

  test('is the only reason to read a secret again', async () => {
    const forbidden = () => new RuncloudForbidden('Not allowed', { method: 'GET', path: '/', status: 403 });
    const { world, serverAccess } = await opened({ onCall: refusing(forbidden) });
    expect(world.accesses).toEqual([{ fresh: false }]);
    expect(serverAccess.interruption).toBeInstanceOf(RelayError);
  });
});
