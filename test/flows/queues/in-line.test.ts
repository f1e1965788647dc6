import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fingerprintOf } from '../../../functions/services/networks.ts';
import { rateLimitKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { freshRateLimit } from '../../../lib/sync/network/limits/slots.ts';
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
  // Others have taken the slots of ten seconds: no domain is so slow that it finds one at once.
  const fingerprint = fingerprintOf({ api: 'v3', token: busy.secret.WU_RUNCLOUD_API_TOKEN ?? '' });
  await updateItem(flow.ledger, rateLimitKey(fingerprint), (item = freshRateLimit) => ({
    write: { ...item, nextFreeAt: Date.now() + 10_000 },
    result: undefined,
  }));
  const domains = Array.from({ length: 8 }, (_, n) => `shop-${n}.acme-bikes.com`);
  for (const domain of domains)
    expect((await busy.post('/domain-added', busy.event('domain.added', { domain }))).status).toBe(202);
  const settled = await Promise.all(domains.map((domain) => busy.settles(domain, { state: 'present' })));
  expect(flow.lines.filter((line) => line.includes('"outcome":"held"'))).not.toEqual([]);
  expect(settled.map(({ place }) => place)).toEqual(domains.map(() => null));
});
