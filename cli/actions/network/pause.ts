import { type Io, say } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import { findTarget } from '../../target/find-target.ts';
import { putValues, readValues } from '../../target/secret-store.ts';
import { checkedNetwork } from './checked-network.ts';

/** Sets `PAUSED` in the secret of a network: events are recorded then, and nothing is written to RunCloud. */
export async function setPaused(
  name: string,
  paused: boolean,
  options: GlobalOptions,
  io: Io,
): Promise<void> {
  const network = checkedNetwork(name);
  const target = await findTarget(options, io);
  const aws = await target.aws();
  const values = await readValues(network, aws);
  const before = values.PAUSED === 'true';
  if (before !== paused) await putValues(network, { ...values, PAUSED: String(paused) }, aws);
  if (options.json) printJson(io, { network, paused, changed: before !== paused });
  if (before === paused) say(io, `${network}: nothing to change`);
  else if (paused) say(io, `${network}: paused; workers learn of it within five minutes`);
  else say(io, `${network}: resumed; its work goes on within fifteen minutes, with the next probe`);
}
