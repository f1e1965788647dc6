import { expect, test } from '@jest/globals';
import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import { bodyOf } from '../../lib/sync/outcomes/body.ts';
import { domainOutcome, pauseOutcome } from '../../openapi/schemas/outcomes.ts';
import { webhooks } from '../../openapi/webhooks.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { certificateItem, DOMAIN, NETWORK, NOW, settledItem } from '../support/sync/items.ts';

async function posted(content: Parameters<typeof bodyOf>[0]['content']): Promise<unknown> {
  const ledger = memoryLedger();
  ledger.put(domainKey(NETWORK, DOMAIN), settledItem({ siteId: 12, domainId: null }));
  ledger.put(certificateKey(NETWORK, DOMAIN), certificateItem());
  const body = await bodyOf({ network: NETWORK, content }, ledger);
  return JSON.parse(body ?? 'null');
}

test.each(['domain.settled', 'domain.failed'] as const)(
  '%s has every field of the document',
  async (type) => {
    const body = await posted({ type, at: NOW, domain: DOMAIN, inReplyTo: 'evt-57' });
    // What the schema does not know is dropped, so an equal body has nothing else.
    expect(domainOutcome.parse(body)).toEqual(body);
  },
);

test.each(['network.paused', 'network.resumed'] as const)(
  '%s has every field of the document',
  async (type) => {
    const since = new Date(NOW).toISOString();
    const body = await posted({ type, at: NOW, code: 'runcloud-unauthorized', message: 'refused', since });
    expect(pauseOutcome.parse(body)).toEqual(body);
  },
);

test('the document names every outcome', () => {
  const types = [...domainOutcome.shape.type.options, ...pauseOutcome.shape.type.options];
  expect(Object.keys(webhooks).toSorted()).toEqual(types.toSorted());
});
