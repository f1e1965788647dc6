import { recordRecurring } from '../../sync/notices/record.ts';
import type { CertificateServices } from '../services.ts';
import type { UnreadyName } from './decide.ts';

/**
 * Tells the operator that customers wait for a name which stays in the web application. Name servers that give no answer may
 * give one at the next check.
 */
export async function tellOfHold(
  kept: readonly UnreadyName[],
  network: string,
  { ledger, clock }: Pick<CertificateServices, 'ledger' | 'clock'>,
): Promise<void> {
  const first = kept.find(({ reason }) => reason !== 'dns-unanswered');
  if (first === undefined) return;
  const { name, fix } = first;
  const notice = {
    code: 'held-by-name' as const,
    domain: name,
    message: `New domains wait for their certificate, because ${name} shares it and may fail the order for all`,
    fix: `${fix}; or remove it from the web application`,
    command: `status ${name}`,
  };
  await recordRecurring(ledger, network, notice, clock.now());
}
