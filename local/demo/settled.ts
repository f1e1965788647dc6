import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import type { Stack } from '../stack.ts';
import type { Said } from './call.ts';

/** Nothing is left to be done for a domain. Its certificate can count only where names can be pointed: in a world of ours. */
export async function isSettled(
  { ledger, internet }: Pick<Stack, 'ledger' | 'internet'>,
  { network, domain, wanted }: Said,
): Promise<boolean> {
  const hosting = (await ledger.read(domainKey(network, domain)))?.item;
  if (hosting?.dueAt !== null) return false;
  if (internet === undefined || wanted === 'absent' || hosting.state !== 'present') return true;
  const certificate = (await ledger.read(certificateKey(network, domain)))?.item;
  return certificate?.state === 'valid' || certificate?.state === 'failed';
}
