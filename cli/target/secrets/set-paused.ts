import type { Aws } from '../services/aws.ts';
import { changeValues } from './secret-store.ts';

/** Sets `PAUSED` in the secret of a network. Returns whether it was different before. */
export function setPaused(network: string, paused: boolean, aws: Aws): Promise<boolean> {
  return changeValues(
    network,
    (values) => ((values.PAUSED === 'true') === paused ? undefined : { ...values, PAUSED: String(paused) }),
    aws,
  );
}
