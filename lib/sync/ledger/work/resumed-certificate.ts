import type { CertificateItem } from '../items/certificate-item.ts';
import { makeDueBy } from '../items/work-item.ts';
import { certificateKey } from '../keys.ts';
import type { Ledger } from '../ports.ts';
import { unlessUnreadable } from '../unreadable.ts';
import { type ItemUpdate, updateItem } from '../updates/update.ts';

/** What its domain's visitors wait for. A valid or failed certificate is checked every few hours anyway. */
const AWAITED: ReadonlySet<CertificateItem['state']> = new Set(['pending', 'waiting-dns', 'requested']);

function withResumed(item: CertificateItem | undefined, now: number): ItemUpdate<CertificateItem, undefined> {
  if (item === undefined || !item.wanted || !AWAITED.has(item.state)) return { result: undefined };
  return { write: { ...item, ...makeDueBy(item, now) }, result: undefined };
}

/**
 * Makes the certificate of a domain due whose removal was taken back without a pass: a check during the grace period has put it
 * off to the end of that.
 */
export async function resumeCertificate(
  ledger: Ledger,
  network: string,
  domain: string,
  now: number,
): Promise<void> {
  await unlessUnreadable(() =>
    updateItem(ledger, certificateKey(network, domain), (item) => withResumed(item, now)),
  );
}
