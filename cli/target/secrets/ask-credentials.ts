import type { Io } from '../../io.ts';
import { canAsk } from '../../output/ask.ts';
import { askSecret } from '../../output/ask-secret.ts';
import type { Credentials } from './credentials.ts';

/** The keys of a network's secret that a command signs or reads with. */
export type CredentialKey = 'RELAY_SECRET' | 'RELAY_READ_TOKEN';

/** The credentials with those that the command needs and the environment lacks, if a person can be asked for them. */
export async function askedCredentials(
  { relaySecrets, readTokens }: Credentials,
  needs: readonly CredentialKey[],
  io: Io,
): Promise<Credentials> {
  const completed = async (key: CredentialKey, values: readonly string[]) => {
    if (values.length > 0 || !needs.includes(key) || !canAsk(io)) return values;
    return (await askSecret(key, 'Nothing was sent', io)).split(/\s+/);
  };
  return {
    relaySecrets: await completed('RELAY_SECRET', relaySecrets),
    readTokens: await completed('RELAY_READ_TOKEN', readTokens),
  };
}
