import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../functions/services/networks.ts';
import { rateLimitKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { freshRateLimit } from '../../../lib/sync/network/limits/slots.ts';
import { eventually } from '../../support/eventually.ts';
import { closeFlow } from '../../support/flow/close-flow.ts';
import { type Flow, startFlow } from '../../support/flow/flow.ts';

let flow: Flow;

beforeAll(async () => {
  // No sweep comes: only a domain's own message brings it back.
  flow = await startFlow({
    networks: { busy: { switches: { callsPerMinute: 60 } } },
    sweepEveryMs: 3_600_000,
  });
});

afterAll(() => closeFlow(flow));

test('domains whose slots are seconds away come back for them, each by its own message', async () => {
  const busy = flow.network('busy');
  const fingerprint = fingerprintOf({ api: 'v3', token: busy.secret.WU_RUNCLOUD_API_TOKEN ?? '' });
  const takeNextSlots = () =>
    updateItem(flow.ledger, rateLimitKey(fingerprint), (item = freshRateLimit) => ({
      write: { ...item, nextFreeAt: Math.max(item.nextFreeAt, Date.now() + 8_000) },
      result: undefined,
    }));
  const held = () => flow.lines.filter((line) => line.includes('"outcome":"held"'));
  await takeNextSlots();
  const domains = Array.from({ length: 8 }, (_, n) => `shop-${n}.acme-bikes.com`);
  for (const domain of domains)
    expect((await busy.post('/domain-added', busy.event('domain.added', { domain }))).status).toBe(202);
  // However slow the machine is, others take the next slots until a domain has met that.
  await eventually(
    async () => {
      await takeNextSlots();
      expect(held()).not.toEqual([]);
    },
    { everyMs: 500 },
  );
  const settled = await Promise.all(domains.map((domain) => busy.settles(domain, { state: 'present' })));
  expect(settled.map(({ place }) => place)).toEqual(domains.map(() => null));
});
