import type { Secrets } from '../../lib/settings/settings.ts';

/** Settings out of a map, read anew by every call: a test that changes the map has changed the secret. */
export function memorySecrets<T>(byNetwork: ReadonlyMap<string, T>): Secrets<T> {
  return {
    settings: async (network) => byNetwork.get(network),
  };
}
