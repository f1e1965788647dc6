import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';

/** Long enough that forty additions are over before the oldest request has waited three times as long. */
const certificateRetryBaseSeconds = 6;

describe('certificates of many domains at once, over the whole stack', () => {
  let flow: Flow | undefined;

  beforeAll(async () => {
    flow = await startFlow({
      networks: { burst: {} },
      retryBaseSeconds: 0.05,
      certificateRetryBaseSeconds,
    });
  });

  afterAll(() => closeFlow(flow));

  test('forty additions make at most two orders, and all are covered', async () => {
    const network = flow?.network('burst');
    if (network === undefined) throw new Error('The stack does not stand');
    const names = Array.from({ length: 40 }, (_, n) => `shop-${n + 1}.burst.com`);
    network.certificates.pointHere(...names);
    const startedAt = Date.now();
    for (let n = 0; n < names.length; n += 4) {
      await Promise.all(names.slice(n, n + 4).map((name) => network.add(name)));
    }
    await eventually(() => expect(network.hosted()).toHaveLength(41));
    const tookMs = Date.now() - startedAt;
    await eventually(
      async () => {
        const items = await Promise.all(names.map(network.certificate));
        expect(items.map((item) => item?.state)).toEqual(names.map(() => 'valid'));
      },
      { everyMs: 500 },
    );
    const orders = network.certificates.orders();
    // On a busy machine they may take longer; a ready name does not wait for the others.
    const overdue = Math.floor(tookMs / (3 * certificateRetryBaseSeconds * 1_000));
    expect(orders.length).toBeLessThanOrEqual(2 + overdue);
    expect(orders.at(-1)?.names).toHaveLength(41);
  });
});
