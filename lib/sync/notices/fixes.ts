import type { ErrorCode } from '../../errors.ts';

/** What the reader of a notice does about each code. */
const fixes: Readonly<Record<ErrorCode, string>> = {
  'runcloud-unauthorized': 'Put a current workspace token into WU_RUNCLOUD_API_TOKEN',
  'runcloud-forbidden': "Check the token's rights, the API switch in RunCloud's panel, and the plan",
  'runcloud-blocked': 'Check the firewall in front of RunCloud, and RUNCLOUD_URL',
  'runcloud-not-found': 'Check WU_RUNCLOUD_SERVER_ID and WU_RUNCLOUD_APP_ID',
  'runcloud-rate-limited': 'Nothing: the relay waits as long as RunCloud asks',
  'runcloud-quota-spent': "Buy more calls from RunCloud, or wait for the plan's next month",
  'runcloud-refused': 'Remove the name from the other web application that holds it, then retry',
  'runcloud-unavailable': "Look at RunCloud's status page, then retry",
  'runcloud-timeout': "Look at RunCloud's status page, then retry",
  'app-claimed': 'Give each network a web application of its own',
  'not-announced': "Delete the row in RunCloud's panel if it is to go: the multisite has never announced it",
  'ledger-restored':
    'Say what is true by now with relay sync --remove-missing, then run relay network resume (docs/operations/restore.md)',
  'protected-domain': 'Nothing: the domain stays. To remove it, take it out of PROTECTED_DOMAINS first',
  'primary-domain': 'Nothing: the domain stays. To remove it, make another domain primary in RunCloud first',
  'secret-invalid': 'Correct the keys of the secret that the message names',
  paused: 'Remove PAUSED from the secret, or set it to false',
  'internal-error': "Look at the stack in the function's log, and report it",
};

export function fixOf(code: ErrorCode): string {
  return fixes[code];
}
