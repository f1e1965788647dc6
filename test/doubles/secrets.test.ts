import type { NetworkSettings } from '../../lib/settings/settings.ts';
import { secretsContract, settingsOf } from '../contracts/secrets.ts';
import { memorySecrets } from './secrets.ts';

secretsContract('the secrets in memory', async () => {
  const byNetwork = new Map<string, NetworkSettings>();
  return {
    secrets: memorySecrets(byNetwork),
    put: async (network, secret) => {
      byNetwork.set(network, settingsOf(secret));
    },
    later: async () => {},
  };
});
