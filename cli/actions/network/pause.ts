import { type Io, say } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import { findTarget } from '../../target/find-target.ts';
import { setPaused } from '../../target/secrets/set-paused.ts';
import { resumeInLedger } from '../../target/table-identity.ts';
import { checkedNetwork } from './checked-network.ts';

/** Sets `PAUSED` in the secret of a network: events are recorded then, and nothing is written to RunCloud. */
export async function pauseNetwork(name: string, options: GlobalOptions, io: Io): Promise<void> {
  const network = checkedNetwork(name);
  const target = await findTarget(options, io);
  const changed = await setPaused(network, true, await target.aws());
  if (options.json) printJson(io, { network, paused: true, changed });
  say(io, `${network}: ${changed ? 'paused; workers learn of it within five minutes' : 'nothing to change'}`);
}

/** Ends both pauses that only an operator ends: `PAUSED` in the secret, and the one of a restored ledger. */
export async function resumeNetwork(name: string, options: GlobalOptions, io: Io): Promise<void> {
  const network = checkedNetwork(name);
  const target = await findTarget(options, io);
  const aws = await target.aws();
  const unset = await setPaused(network, false, aws);
  const { lifted, waiting } = await resumeInLedger(network, (await target.networks()) ?? [], aws, io.now());
  if (options.json) printJson(io, { network, paused: false, changed: unset || lifted });
  if (lifted) say(io, `${network}: resumed; its work goes on within a few minutes`);
  else if (unset)
    say(io, `${network}: resumed; its work goes on within fifteen minutes, with the next probe`);
  else say(io, `${network}: nothing to change`);
  if (waiting.length > 0) say(io, `Still paused, because the ledger was restored: ${waiting.join(', ')}`);
}
