import { describe, expect, test } from '@jest/globals';
import { noteSuspects } from '../../../../lib/certificates/order-log/failed-order.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { certificateKey, certificateWorkKey, domainKey } from '../../../../lib/sync/ledger/keys.ts';
import { follow } from '../../../../lib/sync/ledger/updates/followed.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { certificateItem, NETWORK, settledItem } from '../../../support/sync/items.ts';

interface Name extends Pick<DomainItem, 'since'> {
  readonly announcedAt?: string;
  readonly request?: Partial<CertificateItem>;
}

/** The names most likely at fault for an order of all these names and the network's own. */
async function suspectsOf(names: Readonly<Record<string, Name>>): Promise<readonly string[]> {
  const ledger = memoryLedger();
  for (const [domain, { since, announcedAt = since, request = {} }] of Object.entries(names)) {
    const version = { timestamp: announcedAt, id: `msg_${domain}` };
    ledger.put(domainKey(NETWORK, domain), settledItem({ domain, since, version }));
    ledger.put(certificateKey(NETWORK, domain), certificateItem({ domain, ...request }));
  }
  const orders = follow(ledger, certificateWorkKey(NETWORK));
  return noteSuspects(['network.example', ...Object.keys(names)], NETWORK, { ledger, orders });
}

const old = '2026-11-01T05:00:00.000Z';
const newer = '2026-11-20T05:00:00.000Z';

describe('most likely at fault for a failed order', () => {
  test('are the names that no certificate has covered, the newest first', async () => {
    const covered = { since: newer, request: { notAfter: '2027-01-01T00:00:00.000Z' } };
    expect(
      await suspectsOf({ 'old.example': { since: old }, 'new.example': { since: newer }, covered }),
    ).toEqual(['new.example', 'old.example']);
  });

  test('is a name that only a proxy has shown a certificate for: the authority has issued none', async () => {
    const request = { notAfter: '2027-01-01T00:00:00.000Z', via: 'edge' } as const;
    expect(await suspectsOf({ 'proxied.example': { since: newer, request } })).toEqual(['proxied.example']);
  });

  test('is the name that was added last, also where the multisite has announced an older one again', async () => {
    expect(
      await suspectsOf({
        'old.example': { since: old, announcedAt: '2026-11-21T05:00:00.000Z' },
        'new.example': { since: newer },
      }),
    ).toEqual(['new.example', 'old.example']);
  });
});
