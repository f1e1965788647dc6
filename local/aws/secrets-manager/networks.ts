import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { type NetworkSettings, parseSettings } from '../../../lib/settings/settings.ts';
import { secretsFile } from './secrets-file.ts';

export interface Networks {
  readonly usable: ReadonlyMap<string, NetworkSettings>;
  /** One line for each network whose secret is faulty. They do not stop the others. */
  readonly faults: readonly string[];
}

/** The networks of the secrets file as the functions will read them. Throws `SecretsFileFaulty`. */
export function readNetworks(file: string): Networks {
  const usable = new Map<string, NetworkSettings>();
  const faults: string[] = [];
  for (const [network, secret] of Object.entries(secretsFile(file)())) {
    try {
      usable.set(network, parseSettings(typeof secret === 'string' ? secret : JSON.stringify(secret)));
    } catch (error) {
      if (!(error instanceof InvalidSecret)) throw error;
      faults.push(`Network ${network} of ${file}: ${error.message}`);
    }
  }
  return { usable, faults };
}
