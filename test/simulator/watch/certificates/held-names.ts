import type { CertificateResult } from '../../../../lib/certificates/outcome/result.ts';
import type { CertificateItem } from '../../../../lib/sync/ledger/items/certificate-item.ts';
import { certificateKey, certificateWorkKey } from '../../../../lib/sync/ledger/keys.ts';
import type { SslWorld } from '../../world/certificates/ssl-world.ts';
import { leaseMsOf, type World } from '../../world/world.ts';
import { CLOCKS_AGREE_MS } from '../clocks.ts';

type Held = Pick<CertificateItem, 'network' | 'domain' | 'leaseUntil' | 'readySince'>;

/** When an order last went out with a name that may fail it; minus infinity: none did. */
function triedAt({ network, domain }: Held, { ledger }: World): number {
  const own = ledger.peek(certificateKey(network, domain))?.orders ?? [];
  const all = ledger.peek(certificateWorkKey(network))?.orders ?? [];
  const tried = [...own, ...all].filter(({ includedUnready }) => includedUnready.length > 0);
  return Math.max(Number.NEGATIVE_INFINITY, ...tried.map(({ at }) => at));
}

/**
 * What is wrong with the end of a pass over this request, as the pass took it: a name waits for another one for an hour, then
 * until the next day's try. However slow the pass is, it decides after it began.
 */
export function heldTooLong(item: Held, result: CertificateResult, world: World, ssl: SslWorld): string[] {
  if (result.kind !== 'waiting' || result.reason !== 'held-by-name') return [];
  const { domain, leaseUntil, readySince } = item;
  const now = ssl.scheduler.now();
  const began = (leaseUntil ?? now) - leaseMsOf(world);
  const { heldMs, dailyMs } = ssl.delays;
  const until = Math.max((readySince ?? now) + heldMs, triedAt(item, world) + dailyMs) + CLOCKS_AGREE_MS;
  if (began > until) return [`${domain} is held for longer than an hour: ${result.fix}`];
  return result.until > until ? [`${domain} is checked again only after the hour for which it is held`] : [];
}
