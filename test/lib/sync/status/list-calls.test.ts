import { describe, expect, test } from '@jest/globals';
import { listStatus } from '../../../../lib/sync/status/list-domains.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { putCertificate, putDomain } from '../../../support/api/read-world.ts';
import { countedLedger } from '../../../support/sync/counted-ledger.ts';
import { certificateItem, settledItem } from '../../../support/sync/items.ts';

const DOMAINS = 1_000;

function name(index: number) {
  return `d${String(index).padStart(4, '0')}.example.com`;
}

/** Every second domain has a certificate; one of them has failed. */
async function filled(failedAt: number) {
  const ledger = memoryLedger();
  for (let index = 0; index < DOMAINS; index += 1) {
    await putDomain(ledger, settledItem({ domain: name(index) }));
    if (index % 2 === 1) continue;
    const state = index === failedAt ? 'failed' : 'valid';
    await putCertificate(ledger, certificateItem({ domain: name(index), state }));
  }
  return countedLedger(ledger);
}

describe('a page of the list of domains', () => {
  test('costs a few queries, and no read of single certificates', async () => {
    const { ledger, asked } = await filled(998);
    const failed = await listStatus(ledger, 'demo', { state: 'failed', limit: 100, after: name(499) });
    expect(failed.domains.map(({ domain }) => domain)).toEqual([name(998)]);
    expect(asked.items).toBe(0);
    expect(asked.queries).toBeLessThanOrEqual(10);
  });

  test('costs two queries where every domain is meant', async () => {
    const { ledger, asked } = await filled(0);
    const page = await listStatus(ledger, 'demo', { state: undefined, limit: 100, after: name(99) });
    expect(page.domains).toHaveLength(100);
    expect(page.domains[0]).toMatchObject({ domain: name(100), certificate: { state: 'valid' } });
    expect(page.domains[1]).toMatchObject({ domain: name(101), certificate: { state: 'none' } });
    expect(asked.queries).toBe(2);
  });

  test('finds the certificate of a domain after names that only certificates have', async () => {
    const ledger = memoryLedger();
    for (let index = 0; index < 30; index += 1) {
      await putCertificate(ledger, certificateItem({ domain: name(index) }));
    }
    await putDomain(ledger, settledItem({ domain: name(29) }));
    const { domains } = await listStatus(ledger, 'demo', { state: undefined, limit: 5, after: undefined });
    expect(domains).toMatchObject([{ domain: name(29), certificate: { state: 'pending' } }]);
  });
});
