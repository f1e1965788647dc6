import { certificateKey, domainKey } from '../../lib/sync/ledger/keys.ts';
import type { Stack } from '../stack.ts';
import type { Said } from './call.ts';

/** Whether a domain has no work left. Its certificate counts only in our own internet, where names can be pointed. */
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
