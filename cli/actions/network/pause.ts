import { type Io, say } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import { findTarget } from '../../target/find-target.ts';
import { setPaused } from '../../target/set-paused.ts';
import { checkedNetwork } from './checked-network.ts';

/** Sets `PAUSED` in the secret of a network: events are recorded then, and nothing is written to RunCloud. */
export async function pauseNetwork(
  name: string,
  paused: boolean,
  options: GlobalOptions,
  io: Io,
): Promise<void> {
  const network = checkedNetwork(name);
  const target = await findTarget(options, io);
  const aws = await target.aws();
  const changed = await setPaused(network, paused, aws);
  if (options.json) printJson(io, { network, paused, changed });
  if (!changed) say(io, `${network}: nothing to change`);
  else if (paused) say(io, `${network}: paused; workers learn of it within five minutes`);
  else say(io, `${network}: resumed; its work goes on within fifteen minutes, with the next probe`);
}
