import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../../lib/errors.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

const RETRY_BASE_SECONDS = 0.05;
const PROBE_MS = 30 * RETRY_BASE_SECONDS * 1_000;
/** A scripted answer states the limit as RunCloud's own do; without it calls are paced as if it were 60. */
const headers = { 'x-ratelimit-limit': '6000' };
const html = { status: 403, headers, html: 'Attention required' };
const limited = { status: 429, headers, body: { message: 'API usage limit reached.' } };

/** What can be wrong with a network, and with all of its domains at once. Breaking it returns what repairs it. */
interface Interruption {
  readonly name: string;
  readonly title: string;
  readonly code: ErrorCode;
  /** Whether a pass gets as far as asking RunCloud. */
  readonly asks: boolean;
  readonly break: (network: FlowNetwork, flow: Flow) => Promise<() => unknown>;
}

function serverOf(network: FlowNetwork, flow: Flow) {
  const found = workspaceOf(network, flow).servers.find(({ id }) => id === network.serverId);
  if (found === undefined) throw new Error(`There is no server ${network.serverId}`);
  return found;
}

function workspaceOf({ serverId }: FlowNetwork, { runcloud }: Flow) {
  const found = runcloud.workspaces.find(({ servers }) => servers.some(({ id }) => id === serverId));
  if (found === undefined) throw new Error(`No workspace has server ${serverId}`);
  return found;
}

/** Empties a list; returns what fills it again. */
function takenOut<T>(list: T[]): () => unknown {
  const taken = list.splice(0);
  return () => list.push(...taken);
}

/** The API handlers have read the secret and keep it; the worker has not, and finds it so. */
async function secretSpoilt(network: FlowNetwork, changes: Readonly<Record<string, string>>) {
  const refused = await network.send('domain.added', { domain: '192.0.2.1' });
  expect(refused.status).toBe(400);
  await network.changeSecret(changes);
  const before = Object.keys(changes).map((key) => [key, network.secret[key] ?? '']);
  return () => network.changeSecret(Object.fromEntries(before));
}

const troubles: readonly Interruption[] = [
  {
    name: 'token',
    title: 'a token that RunCloud does not accept',
    code: 'runcloud-unauthorized',
    asks: true,
    break: async (network, flow) => {
      const workspace = workspaceOf(network, flow);
      const { tokens } = workspace;
      workspace.tokens = [];
      return () => {
        workspace.tokens = tokens;
      };
    },
  },
  {
    name: 'api-off',
    title: 'an API that is switched off',
    code: 'runcloud-forbidden',
    asks: true,
    break: async (network, flow) => {
      const workspace = workspaceOf(network, flow);
      workspace.apiEnabled = false;
      return () => {
        workspace.apiEnabled = true;
      };
    },
  },
  {
    name: 'server',
    title: 'a server that is gone',
    code: 'runcloud-not-found',
    asks: true,
    break: async (network, flow) => takenOut(workspaceOf(network, flow).servers),
  },
  {
    name: 'web-app',
    title: 'a web application that is gone',
    code: 'runcloud-not-found',
    asks: true,
    break: async (network, flow) => takenOut(serverOf(network, flow).apps),
  },
  {
    name: 'html',
    title: 'a web page in place of JSON',
    code: 'runcloud-blocked',
    asks: true,
    break: async (network) => network.arm('/domains', { times: Number.POSITIVE_INFINITY, answer: html }),
  },
  {
    name: 'quota',
    title: 'a quota that is spent',
    code: 'runcloud-quota-spent',
    asks: true,
    break: async (network) => network.arm('/domains', { times: Number.POSITIVE_INFINITY, answer: limited }),
  },
  {
    name: 'faulty',
    title: 'a secret with a fault',
    code: 'secret-invalid',
    asks: false,
    break: (network) => secretSpoilt(network, { WU_RUNCLOUD_APP_ID: 'seven' }),
  },
  {
    name: 'missing',
    title: 'a secret that is gone',
    code: 'secret-invalid',
    asks: false,
    break: (network) =>
      secretSpoilt(network, Object.fromEntries(Object.keys(network.secret).map((key) => [key, '']))),
  },
  {
    name: 'paused',
    title: 'PAUSED',
    code: 'paused',
    asks: false,
    break: (network) => secretSpoilt(network, { PAUSED: 'true' }),
  },
];

const waiting = ['one.acme-bikes.com', 'two.acme-bikes.com'];

describe('a trouble of a whole network', () => {
  let flow: Flow;
  const repairs = new Map<string, () => unknown>();

  beforeAll(async () => {
    const names = [...troubles.map(({ name }) => name), 'suspect', 'healthy'];
    flow = await startFlow({
      retryBaseSeconds: RETRY_BASE_SECONDS,
      // With waits this short every sweep sends a message for all that is open.
      sweepEveryMs: 1_000,
      networks: Object.fromEntries(names.map((name) => [name, {}])),
    });
    for (const trouble of troubles) {
      const network = flow.network(trouble.name);
      repairs.set(trouble.name, await trouble.break(network, flow));
      // One after the other, so that one API handler of several does it, and keeps the secret as it was.
      for (const domain of waiting) await add(network, domain);
    }
  });

  afterAll(() => closeFlow(flow));

  /** Signed as before the trouble: the multisite does not know of it. */
  const add = (network: FlowNetwork, domain: string) =>
    network.add(domain, { secrets: [network.secret.RELAY_SECRET ?? ''] });

  const probeAt = async (network: FlowNetwork) => (await network.record())?.pause?.probeAt ?? 0;

  describe('while it lasts', () => {
    test.each(troubles)('$title pauses the network: every domain waits, and says why', async (trouble) => {
      const network = flow.network(trouble.name);
      const stood = waiting.map((domain) =>
        network.stands(domain, { state: 'paused', reason: trouble.code, wanted: 'present' }),
      );
      for (const item of await Promise.all(stood)) {
        expect(item.lastError?.code).toBe(trouble.code);
        expect(item.dueAt).not.toBeNull();
        expect(item.sendAt).not.toBeNull();
      }
      expect((await network.record())?.pause).toMatchObject({ code: trouble.code });
    });

    test('costs RunCloud at most one pass in each interval between two probes', async () => {
      const since = Date.now();
      const before = new Map(troubles.map(({ name }) => [name, flow.network(name).calls().length]));
      for (const { name, asks } of troubles) {
        const network = flow.network(name);
        const calls = () => network.calls().length - (before.get(name) ?? 0);
        await eventually(async () => {
          expect(await probeAt(network)).toBeGreaterThan(since + 3 * PROBE_MS);
          expect(calls() > 0).toBe(asks);
        });
        const intervals = Math.floor((Date.now() - since) / PROBE_MS);
        // One at the edge, and one that a probe won before and made late: a busy machine is slow to make it.
        expect(calls()).toBeLessThanOrEqual(intervals + 2);
      }
    });

    test('another network is served as ever', async () => {
      const network = flow.network('healthy');
      await network.add('shop.acme-bikes.com');
      await network.settles('shop.acme-bikes.com', { state: 'present' });
    });

    test('a new update about a domain is accepted, and waits with the others', async () => {
      const network = flow.network('token');
      await network.remove('late.acme-bikes.com');
      await network.stands('late.acme-bikes.com', { wanted: 'absent', state: 'paused' });
    });
  });

  describe('once it is repaired', () => {
    beforeAll(async () => {
      for (const repair of repairs.values()) await repair();
    });

    test.each(troubles)(
      '$title: the network goes on by itself, and all that waited arrives',
      async ({ name }) => {
        const network = flow.network(name);
        const arrived = waiting.map((domain) =>
          network.settles(domain, { state: 'present', lastError: null }),
        );
        await Promise.all(arrived);
        expect((await network.record())?.pause).toBeNull();
        expect(network.hosted().toSorted()).toEqual([network.ownDomain, ...waiting].toSorted());
      },
    );

    test('no dead letter was written', async () => {
      for (const { name } of troubles) expect(await flow.network(name).deadLetters()).toEqual([]);
    });
  });

  test('a 403 about one name pauses nothing; about a second one, it does', async () => {
    const network = flow.network('suspect');
    const forbidden = { status: 403, headers, body: { message: 'This action is unauthorized.' } };
    const repair = network.arm('/domains', { times: Number.POSITIVE_INFINITY, answer: forbidden });
    await network.add('one.acme-bikes.com');
    await eventually(async () => {
      const item = await network.domain('one.acme-bikes.com');
      expect(item).toMatchObject({ state: 'pending', lastError: { code: 'runcloud-forbidden' } });
      expect(item?.attempts).toBeGreaterThan(1);
    });
    expect((await network.record())?.pause).toBeNull();
    await network.add('two.acme-bikes.com');
    await network.stands('one.acme-bikes.com', { state: 'paused', reason: 'runcloud-forbidden' });
    await network.stands('two.acme-bikes.com', { state: 'paused', reason: 'runcloud-forbidden' });
    repair();
    await network.settles('one.acme-bikes.com', { state: 'present' });
    await network.settles('two.acme-bikes.com', { state: 'present' });
  });
});
