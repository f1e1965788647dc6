import type { RefusedRemoval } from '../../ledger/errors.ts';
import type { NewNotice } from '../../notices/record.ts';

const fixes: Readonly<Record<RefusedRemoval['code'], string>> = {
  'protected-domain':
    'If it is to stay, have the multisite announce it again. If it is to go, correct PROTECTED_DOMAINS in the secret, then have it removed once more',
  'primary-domain':
    'If it is to stay, have the multisite announce it again. If it is to go, make another domain primary in RunCloud, then have it removed once more',
};

/** The notice that the multisite has removed a domain which stays: nothing else follows from it. */
export function refusedRemoval(
  domain: string,
  { reason, refusal }: { readonly reason: RefusedRemoval['code']; readonly refusal: string },
): NewNotice {
  return {
    code: 'removal-refused',
    domain,
    message: `The multisite removed ${domain}, and it stays: ${refusal}`,
    fix: fixes[reason],
    command: `status ${domain}`,
  };
}
