import { z } from 'zod';
import { CommandFailed } from '../../errors.ts';

/** What the command line uses of a network's secret. */
export interface Credentials {
  readonly relaySecrets: readonly string[];
  readonly readTokens: readonly string[];
}

const valuesSchema = z
  .string()
  .default('')
  .transform((text) => text.split(/\s+/).filter((value) => value !== ''));

const secretSchema = z
  .object({ RELAY_SECRET: valuesSchema, RELAY_READ_TOKEN: valuesSchema })
  .transform(({ RELAY_SECRET, RELAY_READ_TOKEN }) => ({
    relaySecrets: RELAY_SECRET,
    readTokens: RELAY_READ_TOKEN,
  }));

/** Reads them from a secret, from the environment, or from anything of their shape. `where` names it in an error. */
export function credentialsIn(secret: unknown, where: string): Credentials {
  const parsed = secretSchema.safeParse(secret);
  if (parsed.success) return parsed.data;
  throw new CommandFailed(`${where} is not a JSON object of texts: correct it, README.md shows its keys.`);
}
