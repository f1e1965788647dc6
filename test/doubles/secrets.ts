import type { Secrets } from '../../lib/settings/settings.ts';

/** Settings from a map, read again by every call: a test that changes the map has changed the secret. */
export function memorySecrets<T>(byNetwork: ReadonlyMap<string, T>): Secrets<T> {
  return {
    settings: async (network) => byNetwork.get(network),
  };
}
