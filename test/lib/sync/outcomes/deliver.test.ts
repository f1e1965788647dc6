import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import { InvalidSecret } from '../../../../lib/settings/invalid-secret.ts';
import type { OutcomeItem } from '../../../../lib/sync/ledger/items/outcome-item.ts';
import { makeDue } from '../../../../lib/sync/ledger/items/work-item.ts';
import { certificateKey, domainKey, outcomeKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../../lib/sync/ledger/ports.ts';
import { toInstant } from '../../../../lib/sync/ledger/time.ts';
import { type DeliveryServices, deliverOutcome } from '../../../../lib/sync/outcomes/deliver.ts';
import type { OutgoingWebhook, PostAnswer, Receiver } from '../../../../lib/sync/outcomes/ports.ts';
import { outcome } from '../../../contracts/ledger-items.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { memoryQueue } from '../../../doubles/queue.ts';
import { answerLost } from '../../../support/sync/answer-lost.ts';
import {
  certificateItem,
  DOMAIN,
  delays,
  HOUR,
  MINUTE,
  NETWORK,
  NOW,
  SECOND,
  settledItem,
} from '../../../support/sync/items.ts';

const ID = 'msg_pass-1';
const settled = { type: 'domain.settled', at: NOW - SECOND, domain: DOMAIN, inReplyTo: 'msg_1' } as const;
const receiver: Receiver = { url: 'https://network.example/outcomes', secrets: ['whsec_a'] };
const taken: PostAnswer = { kind: 'answered', status: 202, retryAfterMs: undefined };
const busy: PostAnswer = { kind: 'answered', status: 503, retryAfterMs: undefined };

async function deliveryWorld(part: Partial<OutcomeItem> = {}) {
  const time = manualClock(NOW);
  const clock = { now: time.now, sleep: (ms: number) => time.advance(ms) };
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const posts: { readonly webhook: OutgoingWebhook; readonly to: Receiver }[] = [];
  const deferred: string[] = [];
  const answers: PostAnswer[] = [];
  const secrets: { kept: Receiver | undefined; fresh: Receiver | undefined } = {
    kept: receiver,
    fresh: receiver,
  };
  const fresh = { waitedMs: 0, attempts: 0, backoff: null, ...makeDue({ revision: 0 }, NOW, NOW) };
  const item = outcome({ network: NETWORK, id: ID, content: settled, ...fresh, ...part });
  ledger.put(outcomeKey(NETWORK, ID), item);
  ledger.put(domainKey(NETWORK, DOMAIN), settledItem({ siteId: 12, domainId: 57 }));
  let owners = 0;
  const services: DeliveryServices = {
    ledger,
    queue,
    clock,
    random: () => 0.5,
    delays,
    leaseMs: 75 * SECOND,
    newOwner: () => `post-${++owners}`,
    receivers: { receiver: async (_network, { fresh: isFresh }) => (isFresh ? secrets.fresh : secrets.kept) },
    post: async (webhook, to) => {
      posts.push({ webhook, to });
      return answers.shift() ?? taken;
    },
    report: () => undefined,
    reportDeferred: (_work, { what }) => deferred.push(what),
  };
  const deliver = (deadLetter?: number, others: Partial<DeliveryServices> = {}) =>
    deliverOutcome({ network: NETWORK, outcome: ID, deadLetter }, time.now() + 45 * SECOND, {
      ...services,
      ...others,
    });
  const stored = async () => (await ledger.read(outcomeKey(NETWORK, ID)))?.item;
  /** Delivers whenever it is due, as the sweep's messages have it. */
  const deliverWhileDue = async (): Promise<void> => {
    for (;;) {
      const { dueAt = null } = (await stored()) ?? {};
      if (dueAt === null) return;
      await time.advance(Math.max(0, dueAt - time.now()));
      await deliver();
    }
  };
  return { time, ledger, queue, posts, deferred, answers, secrets, deliver, deliverWhileDue, stored };
}

describe('an outcome', () => {
  test('says what a read shows at this moment', async () => {
    const world = await deliveryWorld();
    const valid = certificateItem({
      state: 'valid',
      notAfter: '2027-02-01T00:00:00.000Z',
      dueAt: NOW + HOUR,
    });
    world.ledger.put(certificateKey(NETWORK, DOMAIN), valid);
    await world.deliver();
    const [{ webhook } = { webhook: undefined }] = world.posts;
    expect(webhook).toMatchObject({ id: ID, now: NOW });
    expect(JSON.parse(webhook?.body ?? '')).toEqual({
      type: 'domain.settled',
      timestamp: '2026-11-21T05:00:29.250Z',
      data: {
        network: NETWORK,
        domain: DOMAIN,
        wanted: 'present',
        siteId: 12,
        domainId: 57,
        inReplyTo: 'msg_1',
        hosting: { state: 'present', reason: null, since: '2026-11-21T05:00:00.200Z', nextTryAt: null },
        certificate: {
          state: 'valid',
          reason: null,
          fix: null,
          attempts: 0,
          nextTryAt: null,
          notAfter: '2027-02-01T00:00:00.000Z',
          via: null,
        },
        lastError: null,
      },
    });
  });

  test.each(['domain', 'certificate'] as const)(
    'is not older than what was told of the %s before, by a worker whose clock was fast',
    async (kind) => {
      const world = await deliveryWorld();
      const told = { state: 'pending', reason: null, inReplyTo: 'msg_1', since: null, at: NOW + 2 * SECOND };
      if (kind === 'domain') world.ledger.put(domainKey(NETWORK, DOMAIN), settledItem({ told }));
      else world.ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem({ told }));
      await world.deliver();
      expect(JSON.parse(world.posts[0]?.webhook.body ?? '')).toMatchObject({
        timestamp: toInstant(NOW + 2 * SECOND),
      });
    },
  );

  test('never says with a new timestamp where the domain stood before: it was removed between the two reads', async () => {
    const world = await deliveryWorld();
    const told = (at: number) => ({ state: 'absent', reason: null, inReplyTo: null, since: null, at });
    let removed = false;
    const read: Ledger['read'] = async (key) => {
      const stored = await world.ledger.read(key);
      if (key.kind !== 'domain' || removed) return stored;
      removed = true;
      const gone = settledItem({ wanted: 'absent', state: 'absent', told: told(NOW + SECOND) });
      world.ledger.put(domainKey(NETWORK, DOMAIN), gone);
      const closed = certificateItem({ wanted: false, state: 'none', told: told(NOW + 2 * SECOND) });
      world.ledger.put(certificateKey(NETWORK, DOMAIN), closed);
      return stored;
    };
    await world.deliver(undefined, { ledger: { ...world.ledger, read } });
    expect(JSON.parse(world.posts[0]?.webhook.body ?? '')).toMatchObject({
      timestamp: toInstant(NOW + 2 * SECOND),
      data: { wanted: 'absent', hosting: { state: 'absent' }, certificate: { state: 'none' } },
    });
  });

  test('of a pause says what happened and what to do', async () => {
    const content = {
      type: 'network.paused',
      at: NOW,
      code: 'runcloud-unauthorized',
      message: 'RunCloud refuses the token',
      since: '2026-11-21T05:00:00.000Z',
    } as const;
    const world = await deliveryWorld({ content });
    await world.deliver();
    expect(JSON.parse(world.posts[0]?.webhook.body ?? '')).toEqual({
      type: 'network.paused',
      timestamp: '2026-11-21T05:00:30.250Z',
      data: {
        network: NETWORK,
        code: 'runcloud-unauthorized',
        message: 'RunCloud refuses the token',
        fix: 'Put a current workspace token into WU_RUNCLOUD_API_TOKEN',
        since: '2026-11-21T05:00:00.000Z',
      },
    });
  });

  test('is reported with what came of it', async () => {
    const world = await deliveryWorld();
    const reports: unknown[] = [];
    await world.deliver(undefined, { report: (delivery) => reports.push(delivery) });
    const delivery = { item: { id: ID }, result: { kind: 'done' }, settled: { kind: 'done' } };
    expect(reports).toMatchObject([delivery]);
  });

  test('that was taken in is posted no more', async () => {
    const world = await deliveryWorld();
    await world.deliver();
    await world.deliver();
    expect(world.posts).toHaveLength(1);
    expect(await world.stored()).toMatchObject({ state: 'done', dueAt: null, sendAt: null, owner: null });
  });

  test.each([
    ['a network that wants none', { kept: undefined }],
    ['a domain that is forgotten', {}],
  ])('of %s ends quietly', async (title, secrets) => {
    const world = await deliveryWorld();
    Object.assign(world.secrets, secrets);
    if (title.includes('forgotten')) await world.ledger.write(domainKey(NETWORK, DOMAIN), undefined, 1);
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect(await world.stored()).toMatchObject({ state: 'done' });
  });
});

describe('a receiver that is down', () => {
  test('gets the outcome again, under the same id, after growing delays', async () => {
    const world = await deliveryWorld();
    world.answers.push(busy, { kind: 'unanswered', why: 'ECONNREFUSED' }, taken);
    await world.deliverWhileDue();
    expect(world.posts.map(({ webhook }) => webhook.id)).toEqual([ID, ID, ID]);
    const [first, second, third] = world.posts.map(({ webhook }) => webhook.now);
    expect(first).toBe(NOW);
    expect((second ?? 0) - NOW).toBeGreaterThanOrEqual(30 * SECOND);
    expect((third ?? 0) - (second ?? 0)).toBeGreaterThan((second ?? 0) - NOW);
    expect(await world.stored()).toMatchObject({ state: 'done' });
  });

  test('is left alone for as long as it asks', async () => {
    const world = await deliveryWorld();
    world.answers.push({ kind: 'answered', status: 429, retryAfterMs: HOUR });
    await world.deliver();
    expect(await world.stored()).toMatchObject({ state: 'open', dueAt: NOW + HOUR });
  });

  test('for 15 hours has the outcome given up, with one dead letter that can be moved back', async () => {
    const world = await deliveryWorld();
    world.answers.push(...Array.from({ length: 100 }, () => busy));
    await world.deliverWhileDue();
    const hours = (world.time.now() - NOW) / HOUR;
    expect(hours).toBeGreaterThan(14.9);
    expect(hours).toBeLessThan(15.5);
    expect(world.queue.deadLetters).toMatchObject([
      {
        message: { network: NETWORK, domain: DOMAIN, outcome: ID, deadLetter: 1 },
        code: 'callback-unavailable',
        reason: 'CALLBACK_URL answered 503',
      },
    ]);
    expect(await world.stored()).toMatchObject({ state: 'failed', toSend: [], sendAt: null });
    world.answers.length = 0;
    await world.deliver(1);
    expect(await world.stored()).toMatchObject({ state: 'done' });
    await world.deliver(1);
    expect(world.queue.deadLetters).toHaveLength(1);
  });

  test('whose dead letter comes while its item is out of reach keeps that in the queue', async () => {
    const world = await deliveryWorld({ state: 'failed', dueAt: null, sendAt: null, revision: 1 });
    const ledger = { ...world.ledger, read: () => Promise.reject(new Unavailable('ledger')) };
    await expect(world.deliver(1, { ledger })).rejects.toThrow(Unavailable);
    expect(world.deferred).toEqual([]);
    await world.deliver(1);
    expect(await world.stored()).toMatchObject({ state: 'done' });
  });
});

describe('a receiver that refuses', () => {
  test.each([400, 404, 410, 413, 301, 307])('by %i ends it at once, and people are told', async (status) => {
    const world = await deliveryWorld();
    world.answers.push({ kind: 'answered', status, retryAfterMs: undefined });
    await world.deliver();
    expect(world.queue.deadLetters).toMatchObject([{ code: 'callback-refused' }]);
    expect(world.ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'outcome-failed' }] }]);
  });

  test('the signature gets it once more, signed by the secret that was rotated since', async () => {
    const world = await deliveryWorld();
    const fresh = { ...receiver, secrets: ['whsec_b'] };
    Object.assign(world.secrets, { fresh });
    world.answers.push({ kind: 'answered', status: 401, retryAfterMs: undefined });
    await world.deliver();
    expect(world.posts.map(({ to }) => to)).toEqual([receiver, fresh]);
    expect(await world.stored()).toMatchObject({ state: 'done' });
  });

  test.each([
    ['another address', { ...receiver, url: 'https://network.example/moved' }, 2],
    ['no address any more', undefined, 1],
  ])('the signature gets it at most once more where the secret names %s', async (_title, fresh, times) => {
    const world = await deliveryWorld();
    Object.assign(world.secrets, { fresh });
    world.answers.push({ kind: 'answered', status: 403, retryAfterMs: undefined });
    await world.deliver();
    expect(world.posts).toHaveLength(times);
    expect(await world.stored()).toMatchObject({ state: times === 2 ? 'done' : 'failed' });
  });

  test.each([
    ['a signature that it refuses', 401, [false, true]],
    ['anything else', 404, [false]],
    ['nothing', 503, [false]],
  ])('has its secret read anew for %s', async (_title, status, reads) => {
    const world = await deliveryWorld();
    world.answers.push({ kind: 'answered', status, retryAfterMs: undefined });
    const asked: boolean[] = [];
    const receivers = {
      receiver: async (_network: string, { fresh }: { readonly fresh: boolean }) => {
        asked.push(fresh);
        return receiver;
      },
    };
    await world.deliver(undefined, { receivers });
    expect(asked).toEqual(reads);
  });

  test('the signature of the current secret ends it', async () => {
    const world = await deliveryWorld();
    world.answers.push({ kind: 'answered', status: 401, retryAfterMs: undefined });
    await world.deliver();
    expect(world.posts).toHaveLength(1);
    expect(await world.stored()).toMatchObject({ state: 'failed' });
  });
});

describe('what is out of reach', () => {
  test('the secret leaves the outcome to the sweep', async () => {
    const world = await deliveryWorld();
    const away = { receiver: () => Promise.reject(new Unavailable('secrets')) };
    await world.deliver(undefined, { receivers: away });
    expect(world.deferred).toEqual(['secrets']);
    expect(await world.stored()).toMatchObject({ state: 'open', owner: null, sendAt: NOW + 6 * MINUTE });
  });

  test('a faulty secret is waited for', async () => {
    const world = await deliveryWorld();
    const faulty = { receiver: () => Promise.reject(new InvalidSecret('is not valid JSON')) };
    await world.deliver(undefined, { receivers: faulty });
    expect(await world.stored()).toMatchObject({ state: 'open', attempts: 1 });
  });

  test('the queue keeps the dead letter owed, until the sweep comes back', async () => {
    const world = await deliveryWorld();
    world.answers.push({ kind: 'answered', status: 404, retryAfterMs: undefined });
    const away = { sendDeadLetter: () => Promise.reject(new Unavailable('queue')) };
    await world.deliver(undefined, { queue: away });
    expect(await world.stored()).toMatchObject({ state: 'failed', sendAt: NOW });
    await world.deliver();
    expect(world.queue.deadLetters).toHaveLength(1);
    expect(await world.stored()).toMatchObject({ toSend: [], sendAt: null });
  });

  test('five crashes end the outcome without another post', async () => {
    const world = await deliveryWorld({ crashes: 5 });
    await world.deliver();
    expect(world.posts).toEqual([]);
    expect(world.queue.deadLetters).toMatchObject([{ code: 'internal-error' }]);
  });

  test('a bug counts as a crash, and is seen', async () => {
    const world = await deliveryWorld();
    const bug = () => Promise.reject(new TypeError('a bug'));
    await expect(world.deliver(undefined, { post: bug })).rejects.toThrow('a bug');
    expect(await world.stored()).toMatchObject({ crashes: 1, owner: null });
  });

  test('the ledger for a moment leaves no lease that would count as a crash', async () => {
    const world = await deliveryWorld();
    const { ledger } = world;
    let calls = 0;
    // The lease is taken, then the domain is read, then nothing answers until the second try of the release.
    const read: Ledger['read'] = async (key) => {
      calls++;
      if (calls === 2 || calls === 3) throw new Unavailable('ledger');
      return ledger.read(key);
    };
    await world.deliver(undefined, { ledger: { ...ledger, read } });
    expect(world.deferred).toEqual(['ledger']);
    expect(await world.stored()).toMatchObject({ state: 'open', owner: null, crashes: 0 });
  });
});

test('a lease on an outcome that was written, and whose answer never came, is given back: no crash is counted', async () => {
  const world = await deliveryWorld();
  await world.deliver(undefined, { ledger: answerLost(world.ledger, 'outcome') });
  expect(world.deferred).toEqual(['ledger']);
  const sendAt = NOW + delays.releasedMs;
  expect(await world.stored()).toMatchObject({ owner: null, leaseUntil: null, crashes: 0, sendAt });
  await world.deliver();
  expect(await world.stored()).toMatchObject({ state: 'done', crashes: 0 });
});

describe('a domain that this version cannot read', () => {
  test('has its outcome wait for it, without a crash', async () => {
    const world = await deliveryWorld({ crashes: 4 });
    await world.ledger.spoil(domainKey(NETWORK, DOMAIN));
    await world.deliver();
    expect(world.posts).toEqual([]);
    const left = { state: 'open', owner: null, crashes: 4, sendAt: NOW + 30 * MINUTE };
    expect(await world.stored()).toMatchObject(left);
    world.ledger.restore(domainKey(NETWORK, DOMAIN));
    await world.deliver();
    expect(await world.stored()).toMatchObject({ state: 'done' });
  });
});

describe('an outcome that this version cannot read', () => {
  test('is left alone, and its message is done', async () => {
    const world = await deliveryWorld();
    await world.ledger.spoil(outcomeKey(NETWORK, ID));
    await world.deliver();
    expect(world.posts).toEqual([]);
  });

  test('sends a dead letter that was moved back to its queue again', async () => {
    const world = await deliveryWorld({ state: 'failed', dueAt: null });
    await world.ledger.spoil(outcomeKey(NETWORK, ID));
    await expect(world.deliver(1)).rejects.toThrow(UnreadableItem);
  });
});
