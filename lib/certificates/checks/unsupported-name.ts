import { ACE_PREFIX, isALabel } from '../../dns/a-label.ts';
import { toInstant } from '../../sync/ledger/time.ts';
import { awaitRenewal } from '../outcome/await-renewal.ts';
import type { CertificateResult, ServedCertificate } from '../outcome/result.ts';
import type { CertificateServices } from '../services.ts';

/** Let's Encrypt's limit (docs/external-systems.md, "The certificate authority and DNS"). */
const MOST_LABELS = 10;

function unsupportedLabel(label: string): string | undefined {
  if (label.startsWith(ACE_PREFIX)) {
    return isALabel(label) ? undefined : `its label ${label} is no valid punycode`;
  }
  return label.slice(2, 4) === '--'
    ? `its label ${label} has hyphens in the third and fourth place, which are reserved`
    : undefined;
}

/**
 * Why Let's Encrypt refuses a name by its form alone, wherever the name leads; undefined: it does not. Its length is no
 * reason: more than 64 characters only do not fit into a common name. Pure.
 */
export function unsupportedName(name: string): string | undefined {
  const labels = name.replace(/^\*\./, '').split('.');
  const count = name.split('.').length;
  if (count > MOST_LABELS) return `it has ${count} labels, and ${MOST_LABELS} are the most`;
  return labels.map(unsupportedLabel).find((why) => why !== undefined);
}

/** For the operator: what to do about such a name. */
export function unsupportedFix(name: string, why: string, way = 'Use another name for this site'): string {
  return `No certificate is ordered for ${name}: ${why}, so the certificate authority refuses it. ${way}, or install a certificate in RunCloud’s panel that covers it, as a wildcard does`;
}

/**
 * The result of a request that no order can fulfil, because the authority refuses one of its names by its form. A certificate
 * that covers them all the same was installed by hand, and so is its next one. Undefined: all names are fine.
 */
export function unsupportedResult(
  names: readonly string[],
  shown: ServedCertificate | null,
  s: Pick<CertificateServices, 'clock' | 'random' | 'delays'>,
): CertificateResult | undefined {
  const name = names.find((one) => unsupportedName(one) !== undefined);
  const why = name && unsupportedName(name);
  if (name === undefined || why === undefined) return undefined;
  const fix = unsupportedFix(name, why, name === names[0] ? undefined : 'Serve the domain without its www.');
  const message = `No certificate authority takes ${name} into an order: ${why}`;
  const failed: CertificateResult = {
    kind: 'failed',
    reason: 'name-unsupported',
    fix,
    error: { code: 'runcloud-refused', message },
  };
  if (shown === null) return failed;
  const waiting = {
    reason: null,
    fix: `${fix}. The one that is installed ends at ${toInstant(shown.notAfter)}`,
  };
  return awaitRenewal(shown, { everyMs: s.delays.dailyMs, waiting, late: () => failed }, s);
}
