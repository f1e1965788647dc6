import { certificateKey } from '../../lib/sync/ledger/keys.ts';
import { listStatus } from '../../lib/sync/status/list-domains.ts';
import { memoryLedger } from '../../test/doubles/ledger.ts';
import { putCertificate, putDomain } from '../../test/support/api/read-world.ts';
import { countedLedger } from '../../test/support/sync/counted-ledger.ts';
import { certificateItem, NETWORK, NOW, settledItem } from '../../test/support/sync/items.ts';
import type { Measure, Row } from '../row.ts';

const DOMAINS = 10_000;
const NETWORKS = 500;

function nameOf(n: number): string {
  return `shop-${String(n).padStart(5, '0')}.example.com`;
}

/** The dearest page of `GET /{network}/domains?state=failed`: every domain has a certificate, and one has failed. */
async function failedDomains(): Promise<Row> {
  const stored = memoryLedger();
  for (let n = 0; n < DOMAINS; n += 1) {
    await putDomain(stored, settledItem({ domain: nameOf(n) }));
    await putCertificate(stored, certificateItem({ domain: nameOf(n), state: n === 0 ? 'failed' : 'valid' }));
  }
  const { ledger, asked } = countedLedger(stored);
  let most = 0;
  for (let after: string | undefined, ended = false; !ended; ) {
    const before = asked.queries + asked.items;
    const page = await listStatus(ledger, 'demo', { state: 'failed', limit: 100, after });
    most = Math.max(most, asked.queries + asked.items - before);
    after = page.after;
    ended = after === undefined;
  }
  return {
    measure: 'calls to the ledger of a page of failed domains among 10,000',
    value: most,
    goal: 10,
    unit: 'count',
  };
}

/** A worker that asks what is due in its network, beside others that have one due certificate each. */
async function nothingDue(): Promise<Row> {
  const stored = memoryLedger();
  for (let n = 0; n < NETWORKS; n += 1) {
    const item = certificateItem({ network: `other-${n}`, domain: nameOf(n), dueAt: NOW, sendAt: NOW });
    stored.put(certificateKey(item.network, item.domain), item);
  }
  const { ledger, asked } = countedLedger(stored);
  await ledger.dueCertificates(NETWORK, { until: NOW, meant: () => true, limit: 1_000 });
  return {
    measure: 'rows read for a network with nothing due beside 500 that have',
    value: asked.rows,
    goal: 1,
    unit: 'count',
  };
}

/** What reads of many items cost. */
export const measure: Measure = async () => [await failedDomains(), await nothingDue()];
