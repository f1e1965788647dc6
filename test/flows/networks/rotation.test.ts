import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { secretOf } from '../../support/api/sign.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';

const first = secretOf('the first secret of a network that rotates');
const second = secretOf('the second secret of a network that rotates');
const third = secretOf('the third secret of a network that rotates');

/** An API handler reads a secret again at most this often, however many signatures do not fit. */
const readAgainAfterMs = 10_000;

const voices = ['one', 'two', 'three'].map((name) => `${name}.acme-bikes.com`);

/** A multisite that speaks all the time, with the secrets it has at that moment. */
function startLoad(network: FlowNetwork) {
  let secrets: readonly string[] = [first];
  let going = true;
  const answers: { readonly secrets: readonly string[]; readonly status: number }[] = [];
  const speak = async (domain: string): Promise<void> => {
    while (going) {
      const by = secrets;
      const { status } = await network.send('domain.added', { domain, www: false }, { secrets: by });
      answers.push({ secrets: by, status });
      await wait(50);
    }
  };
  const speaking = voices.map(speak);
  return {
    answers,
    /** Signs with these from now on. */
    sign: (...by: readonly string[]) => {
      secrets = by;
    },
    /** Waits until this many more calls were answered. */
    goOn: async (more: number): Promise<void> => {
      const until = answers.length + more;
      while (answers.length < until) await wait(20);
    },
    end: async (): Promise<void> => {
      going = false;
      await Promise.all(speaking);
    },
  };
}

describe('a network whose RELAY_SECRET is changed while its multisite goes on speaking', () => {
  let flow: Flow;
  let acme: FlowNetwork;

  beforeAll(async () => {
    flow = await startFlow({ networks: { acme: { secret: { RELAY_SECRET: first } } } });
    acme = flow.network('acme');
  });

  afterAll(() => closeFlow(flow));

  test('refuses no call: both secrets count while both stand there, and no deploy is needed', async () => {
    // API handlers that start now, while everything else starts too, would only show how busy this machine is.
    await Promise.all(voices.map((domain) => acme.add(domain)));
    const load = startLoad(acme);
    try {
      await load.goOn(20);

      // With a sender that signs with one secret at a time, as docs/operations/rotate.md says.
      await acme.changeSecret({ RELAY_SECRET: `${second} ${first}` });
      await wait(readAgainAfterMs);
      load.sign(second);
      await load.goOn(20);
      await acme.changeSecret({ RELAY_SECRET: second });
      await load.goOn(20);

      // With one that signs with both meanwhile, nothing has to be waited for.
      load.sign(third, second);
      await load.goOn(6);
      await acme.changeSecret({ RELAY_SECRET: third });
      await wait(readAgainAfterMs);
      load.sign(third);
      await load.goOn(20);
    } finally {
      await load.end();
    }
    expect(load.answers.filter(({ status }) => status !== 202)).toEqual([]);
    expect(load.answers.length).toBeGreaterThanOrEqual(86);
    for (const secret of [first, second, third]) {
      expect(load.answers.some(({ secrets }) => secrets[0] === secret)).toBe(true);
    }
  });

  test('no longer accepts what the old secret signs, once it has read the new one', async () => {
    const answer = await acme.send('domain.removed', { domain: 'one.acme-bikes.com' }, { secrets: [first] });
    expect(answer.status).toBe(401);
  });
});
