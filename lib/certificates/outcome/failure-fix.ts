import type { ErrorCode } from '../../errors.ts';

const PANEL = 'look at the SSL page in RunCloud’s panel';

const WHAT_TO_DO: Partial<Record<ErrorCode, string>> = {
  'runcloud-refused': `RunCloud refuses what lastError says: ${PANEL}, and change what it shows`,
  'runcloud-forbidden':
    'Give the token the right that lastError names, or the server the plan that allows the call',
  'runcloud-not-found': `RunCloud does not find what lastError names: ${PANEL}, and install a certificate there if it shows none`,
  'runcloud-blocked': 'Let the relay past the firewall or login page that answers in RunCloud’s place',
  'runcloud-unavailable': `RunCloud has not done what it was asked, as lastError says: ${PANEL}, and at RunCloud’s status page`,
  'runcloud-timeout': `RunCloud has not answered: ${PANEL}, and at RunCloud’s status page`,
};

const AGAIN = 'the relay checks again daily, and at once after an ssl_retry';

/** What the reader of a failed certificate can do. `known`: what is known of this very failure. */
export function failureFix(code: ErrorCode, known: string | null = null): string {
  return `${known ?? WHAT_TO_DO[code] ?? `Fix what lastError says: ${PANEL}`}; ${AGAIN}`;
}
