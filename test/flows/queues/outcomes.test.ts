import { afterAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { noticesKey } from '../../../lib/sync/ledger/keys.ts';
import { secretOf } from '../../support/api/sign.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { startFlow } from '../../support/flow/flow.ts';
import { accept, startReceiver, verified } from '../../support/stack/outcome-receiver.ts';

const outcomeSchema = z.object({
  type: z.string(),
  data: z.looseObject({
    domain: z.string().optional(),
    inReplyTo: z.string().nullish(),
    hosting: z.object({ state: z.string() }).optional(),
    code: z.string().optional(),
    fix: z.string().optional(),
  }),
});

const current = secretOf('the current secret of this network');
const next = secretOf('the secret after its next rotation');
const receivers = {
  told: await startReceiver(),
  down: await startReceiver((response) => response.writeHead(503, { 'Retry-After': '0' }).end()),
  stalling: await startReceiver(() => undefined),
  moved: await startReceiver((response, request) => {
    response.writeHead(301, { Location: `http://${request.headers.host}/elsewhere` }).end();
  }),
  paused: await startReceiver(),
};

const flow = await startFlow({
  networks: Object.fromEntries(
    Object.entries(receivers).map(([name, { url }]) => [
      name,
      { secret: { CALLBACK_URL: url, RELAY_SECRET: `${current} ${next}` } },
    ]),
  ),
});

type Name = keyof typeof receivers;

/** What a receiver has got, each proven with both secrets of the rotation. */
function outcomesOf(name: Name) {
  return receivers[name].received.map((one) => {
    expect(verified(one, next)).toEqual(verified(one, current));
    return { ...outcomeSchema.parse(verified(one, current)), id: one.request.headers['webhook-id'] };
  });
}

describe('an outcome', () => {
  afterAll(async () => {
    await closeFlow(flow);
    for (const { close } of Object.values(receivers)) await close();
  });

  test.concurrent('of an addition and of a removal is posted, in reply to the event', async () => {
    const told = flow.network('told');
    await told.add('shop.acme-bikes.com', { id: 'msg_add' });
    await eventually(async () =>
      expect(outcomesOf('told')).toContainEqual(
        expect.objectContaining({
          type: 'domain.settled',
          data: expect.objectContaining({
            domain: 'shop.acme-bikes.com',
            inReplyTo: 'msg_add',
            hosting: expect.objectContaining({ state: 'present' }),
          }),
        }),
      ),
    );
    await told.remove('shop.acme-bikes.com', { id: 'msg_remove' });
    await eventually(async () =>
      expect(
        outcomesOf('told').find(({ data }) => data.inReplyTo === 'msg_remove')?.data.hosting,
      ).toMatchObject({ state: 'absent' }),
    );
  });

  test.concurrent('reaches a multisite that was down for a while, under the same id, with the state of that time', async () => {
    const down = flow.network('down');
    await down.add('shop.acme-bikes.com');
    await eventually(async () => expect(outcomesOf('down').length).toBeGreaterThan(2));
    receivers.down.answerWith(accept);
    const before = receivers.down.received.length;
    await eventually(async () => expect(outcomesOf('down').length).toBeGreaterThan(before));
    expect(new Set(outcomesOf('down').map(({ id }) => id)).size).toBe(1);
    expect(outcomesOf('down').at(-1)?.data.hosting?.state).toBe('present');
  });

  test.concurrent('that stalls is tried again, and holds up no domain', async () => {
    const stalling = flow.network('stalling');
    await stalling.add('one.acme-bikes.com');
    await stalling.add('two.acme-bikes.com');
    await stalling.settles('two.acme-bikes.com', { state: 'present' });
    receivers.stalling.answerWith(accept);
    await eventually(async () =>
      expect(new Set(outcomesOf('stalling').map(({ data }) => data.domain)).size).toBe(2),
    );
  });

  test.concurrent('follows no redirect, and people are told', async () => {
    const moved = flow.network('moved');
    await moved.add('shop.acme-bikes.com');
    await eventually(async () => {
      const notices = (await flow.ledger.read(noticesKey('moved')))?.item;
      expect(notices?.told).toContainEqual(expect.objectContaining({ name: 'outcome-failed' }));
    });
    expect(receivers.moved.received).toHaveLength(1);
    expect(receivers.moved.received[0]?.request.url).toMatch(/^\/outcomes/);
  });

  test.concurrent('tells that a network is paused and what to do, and that it resumes', async () => {
    const paused = flow.network('paused');
    const headers = { 'content-type': 'application/json' };
    const unauthorized = { status: 401, headers, body: { message: 'Unauthenticated.' } };
    const repair = paused.arm('.*', { times: Number.POSITIVE_INFINITY, answer: unauthorized });
    await paused.add('shop.acme-bikes.com');
    await eventually(async () =>
      expect(outcomesOf('paused')).toContainEqual(
        expect.objectContaining({
          type: 'network.paused',
          data: expect.objectContaining({
            code: 'runcloud-unauthorized',
            fix: expect.stringContaining('WU_RUNCLOUD_API_TOKEN'),
          }),
        }),
      ),
    );
    repair();
    await eventually(async () =>
      expect(outcomesOf('paused').map(({ type }) => type)).toContain('network.resumed'),
    );
  });
});
