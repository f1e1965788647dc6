import type { Aws } from '../services/aws.ts';
import { putValues, readValues } from './secret-store.ts';

/** Sets `PAUSED` in the secret of a network. Returns whether it was different before. */
export async function setPaused(network: string, paused: boolean, aws: Aws): Promise<boolean> {
  const values = await readValues(network, aws);
  const changed = (values.PAUSED === 'true') !== paused;
  if (changed) await putValues(network, { ...values, PAUSED: String(paused) }, aws);
  return changed;
}
