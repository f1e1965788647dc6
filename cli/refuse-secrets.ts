import { existsSync } from 'node:fs';
import { BadUsage } from './errors.ts';

const secretName = /(secret|token|password|api[-_]?key)/i;

/** Long and without a dot: a token, and neither a host name nor the name of a network. */
const opaque = /^[\w+/=-]{33,}$/;

function isSecret(arg: string, values: readonly string[]): boolean {
  const [option = '', value] = arg.split(/=(.*)/s);
  const isSecretOption = option.startsWith('-') && secretName.test(option);
  const isAssignment = value !== undefined && !option.startsWith('-') && secretName.test(option);
  return (
    isSecretOption ||
    isAssignment ||
    /whsec_|^eyJ[\w-]+\./.test(arg) ||
    values.some((secret) => arg.includes(secret)) ||
    [arg, value ?? ''].some((text) => opaque.test(text) && !text.startsWith('-') && !existsSync(text))
  );
}

/**
 * Refuses arguments that hold a secret: other processes and the shell's history see them. The message does not repeat
 * them.
 */
export function refuseSecrets(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): void {
  const values = [env.RELAY_SECRET, env.RELAY_READ_TOKEN, env.WU_RUNCLOUD_API_TOKEN].flatMap(
    (text) => text?.split(/\s+/) ?? [],
  );
  const known = values.filter((value) => value.length >= 8);
  if (!args.some((arg) => isSecret(arg, known))) return;
  throw new BadUsage(
    'A secret must not be an argument, because other users and the shell history see it: set RELAY_SECRET and RELAY_READ_TOKEN in the environment, or wait to be asked.',
  );
}
