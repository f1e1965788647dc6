import { SendMessageCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { domainKey } from '../../../lib/sync/ledger/keys.ts';
import { workMessageSchema } from '../../../lib/work-message.ts';
import { localSqs } from '../../../local/aws/clients.ts';
import type { Fault } from '../../../local/runcloud/http/faults.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';
import type { DeadLetter } from '../../support/flow/flow-dead-letters.ts';
import type { FlowNetwork } from '../../support/flow/flow-network.ts';
import { domainItem } from '../../support/sync/items.ts';

const RETRY_BASE_SECONDS = 0.0005;
const BASE_MS = RETRY_BASE_SECONDS * 1_000;
const JITTER = 1.25;
const always = { times: Number.POSITIVE_INFINITY };
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

const passing: readonly { name: string; code: string; answer: NonNullable<Fault['answer']> }[] = [
  { name: 'broken', code: 'runcloud-unavailable', answer: { status: 503 } },
  { name: 'dropped', code: 'runcloud-unavailable', answer: 'drop' },
];

describe('a domain that cannot be served', () => {
  let flow: Flow;

  beforeAll(async () => {
    const names = ['given-up', 'refused', 'again', 'rival', 'away', 'crashing'];
    flow = await startFlow({
      retryBaseSeconds: RETRY_BASE_SECONDS,
      networks: Object.fromEntries([...passing.map(({ name }) => name), ...names].map((name) => [name, {}])),
      // A name that another web application holds is refused, and no listing of this one explains it.
      runcloud: { switches: { namesAreUniqueIn: 'everywhere' } },
    });
    // Calls are paced as if the limit were 60 until RunCloud has stated another one.
    for (const name of [...passing.map(({ name }) => name), 'given-up']) {
      await flow.network(name).add(`first.${name}-bikes.com`);
      await flow.network(name).settles(`first.${name}-bikes.com`, { state: 'present' });
    }
  });

  afterAll(() => closeFlow(flow));

  const heldByRival = (domain: string) =>
    flow.runcloud.addInPanel(flow.network('rival').appId, { name: domain });
  const givenUpByRival = (domain: string) => {
    const { domains } = flow.runcloud.app(flow.network('rival').appId);
    domains.splice(
      domains.findIndex(({ name }) => name === domain),
      1,
    );
  };

  const messageOf = (deadLetter: DeadLetter | undefined) =>
    workMessageSchema.parse(JSON.parse(deadLetter?.body ?? ''));

  /** Puts a message on the queue and waits until nothing is on its way any more. */
  const sentBack = async (deadLetter: DeadLetter | undefined) => {
    await flow.message(messageOf(deadLetter));
    await flow.quiet();
  };

  /** Waits for this many dead letters, copies of one counted once. */
  const deadLettersOf = async (network: FlowNetwork, count: number): Promise<DeadLetter[]> => {
    let deadLetters: DeadLetter[] = [];
    await eventually(async () => {
      const all = await network.deadLetters();
      deadLetters = [...new Map(all.map((deadLetter) => [deadLetter.attributes.id, deadLetter])).values()];
      expect(deadLetters).toHaveLength(count);
    });
    return deadLetters;
  };

  test.each(passing)(
    '$name: each wait for what passes is longer than the last, and it arrives',
    async (trouble) => {
      const network = flow.network(trouble.name);
      const domain = `shop.${trouble.name}-bikes.com`;
      // Until it is answered the wait before it stands in the ledger, long enough to be seen on a busy machine.
      network.arm('/domains', { method: 'POST', times: 6, delayMs: 1_000, answer: trouble.answer });
      await network.add(domain);
      const waitsMs = new Map<number, number>();
      await eventually(
        async () => {
          const item = await network.domain(domain);
          if (item?.lastError && item.dueAt !== null && item.attempts > 0) {
            expect(item.lastError.code).toBe(trouble.code);
            waitsMs.set(item.attempts, item.dueAt - Date.parse(item.lastError.at));
          }
          expect(item?.state).toBe('present');
        },
        { everyMs: 10 },
      );
      expect(waitsMs.size).toBeGreaterThan(1);
      for (const [attempts, waitMs] of waitsMs) {
        const grownMs = BASE_MS * 2 ** (attempts - 1);
        expect(waitMs).toBeGreaterThanOrEqual(grownMs);
        expect(waitMs).toBeLessThanOrEqual(grownMs * JITTER);
      }
      expect(await network.deadLetters()).toEqual([]);
    },
  );

  test('a lasting failure is given up after 1,800 first waits, with one dead letter that says everything', async () => {
    const network = flow.network('given-up');
    const domain = 'shop.given-up-bikes.com';
    const repair = network.arm('/domains', { ...always, method: 'POST', answer: { status: 502 } });
    await network.add(domain);
    const item = await network.settles(domain, { state: 'failed', reason: 'runcloud-unavailable' });
    repair();
    expect(item.waitedMs).toBeCloseTo(1_800 * BASE_MS, 0);
    expect(item.attempts).toBeGreaterThan(9);
    const [deadLetter, ...others] = await deadLettersOf(network, 1);
    expect(others).toEqual([]);
    expect(messageOf(deadLetter)).toEqual({ network: 'given-up', domain, deadLetter: item.revision });
    expect(deadLetter?.attributes).toEqual({
      id: `given-up/${domain}/${item.revision}/dead-letter`,
      network: 'given-up',
      domain,
      code: 'runcloud-unavailable',
      reason: item.lastError?.message,
      'first-failure': instant,
      'last-failure': item.lastError?.at,
    });
    expect(deadLetter?.attributes['first-failure']).toBe(new Date(item.firstFailureAt ?? 0).toISOString());
    // Finally failed: no worker tries again, although RunCloud works now.
    const calls = network.calls().length;
    await flow.message({ network: 'given-up', domain });
    await flow.quiet();
    expect(network.calls()).toHaveLength(calls);
  });

  test('a refusal that no listing explains is tried for 120 first waits; the network goes on meanwhile', async () => {
    const network = flow.network('refused');
    heldByRival('shop.refused-bikes.com');
    await network.add('shop.refused-bikes.com');
    await network.add('other.refused-bikes.com');
    await network.settles('other.refused-bikes.com', { state: 'present' });
    const item = await network.settles('shop.refused-bikes.com', {
      state: 'failed',
      reason: 'runcloud-refused',
    });
    expect(item.refusedMs).toBeCloseTo(120 * BASE_MS, 0);
    expect(item.waitedMs).toBe(0);
    const [deadLetter] = await deadLettersOf(network, 1);
    expect(deadLetter?.attributes).toMatchObject({
      domain: 'shop.refused-bikes.com',
      code: 'runcloud-refused',
    });
    expect((await network.record())?.pause).toBeNull();
  });

  test('a dead letter that is sent back is one more try, once; an older one and a bare message are none', async () => {
    const network = flow.network('again');
    const domain = 'shop.again-bikes.com';
    heldByRival(domain);
    await network.add(domain);
    await network.settles(domain, { state: 'failed', revision: 1 });
    const [first] = await deadLettersOf(network, 1);

    await flow.message({ network: 'again', domain });
    await flow.quiet();
    await network.settles(domain, { state: 'failed', revision: 1 });

    await sentBack(first);
    const failedAgain = await network.settles(domain, { state: 'failed', revision: 2 });
    const [, second] = await deadLettersOf(network, 2);
    expect(messageOf(second)).toEqual({ network: 'again', domain, deadLetter: 2 });

    givenUpByRival(domain);
    const calls = network.calls().length;
    await sentBack(first);
    expect(await network.domain(domain)).toEqual(failedAgain);
    expect(network.calls()).toHaveLength(calls);

    await sentBack(second);
    const served = await network.settles(domain, {
      state: 'present',
      attempts: 0,
      lastError: null,
      revision: 3,
    });
    expect(network.hosted()).toContain(domain);
    await sentBack(second);
    expect(await network.domain(domain)).toEqual(served);
    expect(await deadLettersOf(network, 2)).toEqual([first, second]);
  });

  test('a dead letter that could not be sent is sent later; a double carries the same id', async () => {
    const network = flow.network('away');
    const domain = 'shop.away-bikes.com';
    heldByRival(domain);
    flow.reach.queue.always('broken');
    expect((await network.send('domain.added', { domain })).status).toBe(503);
    let item = await network.domain(domain);
    await eventually(async () => {
      await flow.message({ network: 'away', domain });
      item = await network.domain(domain);
      expect(item).toMatchObject({ state: 'failed', owner: null, toSend: [{ kind: 'dead-letter' }] });
    });
    expect(item?.sendAt).not.toBeNull();
    expect(await network.deadLetters()).toEqual([]);
    flow.reach.queue.always(undefined);
    await network.settles(domain, { state: 'failed' });
    await flow.quiet();
    const deadLetters = await network.deadLetters();
    expect(deadLetters).not.toEqual([]);

    // The state after a worker died between the sending and the record of it.
    const key = domainKey('away', domain);
    const stored = await flow.ledger.read(key);
    if (item === undefined || stored === undefined) throw new Error('The ledger lost the domain');
    const unsent = { ...stored.item, toSend: item.toSend, sendAt: Date.now() };
    expect(await flow.ledger.write(key, unsent, stored.writes)).toBe(true);
    await network.settles(domain, { state: 'failed' });
    const doubled = await network.deadLetters();
    expect(doubled.length).toBeGreaterThan(deadLetters.length);
    for (const { attributes } of doubled) expect(attributes.id).toBe(`away/${domain}/1/dead-letter`);
  });

  test('the fifth pass in a row that ends without a result fails the domain as an error of ours', async () => {
    const network = flow.network('crashing');
    const domain = 'shop.crashing-bikes.com';
    const now = Date.now();
    // Four passes have crashed, and the worker of the fifth never came back.
    const item = domainItem({
      network: 'crashing',
      domain,
      dueAt: now,
      sendAt: now,
      crashes: 4,
      owner: 'somebody gone',
      leaseUntil: now - 1,
    });
    expect(await flow.ledger.write(domainKey('crashing', domain), item, 0)).toBe(true);
    await network.settles(domain, { state: 'failed', reason: 'internal-error' });
    const [deadLetter] = await deadLettersOf(network, 1);
    expect(deadLetter?.attributes).toMatchObject({ domain, code: 'internal-error' });
    expect(network.calls()).toEqual([]);
    // Sent back, it is a try like the first.
    await sentBack(deadLetter);
    await network.settles(domain, { state: 'present', crashes: 0 });
  });

  test('a message that is no message ends among the dead letters after five receives', async () => {
    const sqs = localSqs(flow.endpoints.sqs, 'eu-west-1');
    const QueueUrl = flow.queues.get('DomainQueue')?.ref;
    // Half an hour apart otherwise; the queue's own rule limits the receives.
    const Attributes = { VisibilityTimeout: '0' };
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes }));
    const MessageBody = '{"network": "Not a Network", "canary": "thrown-away"}';
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    const failed = () => flow.lines.filter((line) => line.includes('"message failed"'));
    await eventually(async () => {
      expect(await flow.unexpectedDeadLetters()).toEqual([{ body: MessageBody, attributes: {} }]);
      expect(failed()).toHaveLength(5);
    });
    expect(flow.lines.join('\n')).not.toContain('thrown-away');
    sqs.destroy();
  });
});
