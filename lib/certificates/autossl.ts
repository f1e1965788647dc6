import type { CertificateEnd } from './end.ts';
import type { Ready } from './examine.ts';
import { proofWaitMs } from './next-looks.ts';
import type { CertificateServices } from './services.ts';

const FIX =
  'AutoSSL is on, so RunCloud orders by itself, and it has not done so: look at the domain’s SSL page in RunCloud’s panel, and switch AutoSSL off and on again if it shows no attempt';

/** RunCloud orders by itself here: nothing is ordered, only looked for, and after a while somebody is told to look. */
export const awaitAutoSsl = (
  { item }: Ready,
  { clock, waits }: Pick<CertificateServices, 'clock' | 'waits'>,
): CertificateEnd => {
  const now = clock.now();
  const readyForMs = now - (item.readySince ?? now);
  if (readyForMs < waits.autosslMs) {
    const until = now + proofWaitMs({ attempts: 0 }, readyForMs, waits, () => 0);
    return { kind: 'waiting', until, reason: 'autossl', fix: null };
  }
  const message = `AutoSSL has brought ${item.domain} no certificate although it points here`;
  return {
    kind: 'failed',
    reason: 'order-failed',
    fix: FIX,
    error: { code: 'runcloud-unavailable', message },
  };
};
