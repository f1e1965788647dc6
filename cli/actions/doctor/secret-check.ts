import { type Finding, failed, ok, warning } from '../../../lib/connection/check.ts';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { type NetworkSettings, parseSettings } from '../../../lib/settings/settings.ts';

export type ReadSecret =
  | { readonly finding: Finding; readonly settings: NetworkSettings }
  | { readonly finding: Finding; readonly settings: undefined };

function remarks({ relaySecrets, readTokens, hookTokens, protectedDomains }: NetworkSettings): string[][] {
  const several = [
    ['RELAY_SECRET', 'relay', relaySecrets],
    ['RELAY_READ_TOKEN', 'read', readTokens],
    ['RELAY_HOOK_TOKEN', 'hook', hookTokens],
  ] as const;
  const rotating = several.filter(([, , values]) => values.length > 1);
  return [
    ...rotating.map(([key, option]) => [
      `The rotation of ${key} is half done: two values count`,
      `Once every sender uses the new one, run relay secret rotate again with --${option}`,
    ]),
    ...(readTokens.length > 0
      ? []
      : [
          ['RELAY_READ_TOKEN is missing, so nothing can be read', 'Make one with relay secret rotate --read'],
        ]),
    ...(protectedDomains.length > 0
      ? []
      : [
          [
            'PROTECTED_DOMAINS is empty',
            "Put the network's own domains there, so that no event removes them",
          ],
        ]),
  ];
}

/** Whether a network's secret is complete and well-formed. Names keys, never a value. */
export function readSecret(text: string | undefined, network: string): ReadSecret {
  if (text === undefined) {
    const fix = `Make it with relay network add ${network}`;
    return { settings: undefined, finding: failed('There is no secret of this network', fix) };
  }
  try {
    const settings = parseSettings(text);
    const found = remarks(settings);
    if (found.length === 0) return { settings, finding: ok('Complete and well-formed') };
    const sentences = (column: number) => found.map((remark) => remark[column] ?? '').join('. ');
    return { settings, finding: warning(sentences(0), sentences(1)) };
  } catch (error) {
    if (!(error instanceof InvalidSecret)) throw error;
    return { settings: undefined, finding: failed(error.message, 'Correct these keys in the secret') };
  }
}
