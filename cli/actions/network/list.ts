import { isSecretPause } from '../../../lib/connection/pause-findings.ts';
import { UnreadableItem } from '../../../lib/errors.ts';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { parseSettings } from '../../../lib/settings/settings.ts';
import { isRestoredPause, type Pause } from '../../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { toInstant } from '../../../lib/sync/ledger/time.ts';
import { CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { painter } from '../../output/colours.ts';
import { printJson } from '../../output/json.ts';
import { table } from '../../output/table.ts';
import { toSecond } from '../../output/times.ts';
import { findTarget } from '../../target/find-target.ts';
import { isUnusable, readSecretText } from '../../target/secrets/secret-text.ts';
import type { Aws } from '../../target/services/aws.ts';
import { withLedger } from '../../target/services/ledger.ts';

interface ListedNetwork {
  readonly network: string;
  readonly state: 'active' | 'paused' | 'invalid';
  /** Why it is not active. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly since: string | null;
  readonly nextProbeAt: string | null;
}

/** The secret was read just now, and is right. */
const NOT_NOTICED = 'the secret is fixed, and the network reads it again with its next probe';

function paused(network: string, pause: Pause): ListedNetwork {
  const { code, message, since, probeAt } = pause;
  const nextProbeAt = isRestoredPause(pause) ? null : toInstant(probeAt);
  return { network, state: 'paused', code, reason: message, since, nextProbeAt };
}

function without(network: string, state: ListedNetwork['state'], code: string | null, reason: string | null) {
  return { network, state, code, reason, since: null, nextProbeAt: null };
}

export async function listed(network: string, aws: Aws, ledger: Ledger): Promise<ListedNetwork> {
  try {
    const settings = parseSettings((await readSecretText(network, aws)) ?? '');
    const pause = (await ledger.read(networkKey(network)))?.item.pause ?? null;
    // What an operator has to deal with first: resuming ends both.
    if (pause !== null && isRestoredPause(pause)) return paused(network, pause);
    if (settings.paused) {
      const stated = without(network, 'paused', 'paused', 'PAUSED is set in its secret');
      return pause?.code === 'paused' ? { ...stated, since: pause.since } : stated;
    }
    if (pause === null) return without(network, 'active', null, null);
    return paused(network, isSecretPause(pause) ? { ...pause, message: NOT_NOTICED } : pause);
  } catch (error) {
    if (error instanceof InvalidSecret || error instanceof UnreadableItem) {
      return without(network, 'invalid', error.code, error.message);
    }
    if (error instanceof CommandFailed && isUnusable(error))
      return without(network, 'invalid', 'secret-invalid', error.message);
    throw error;
  }
}

const colours = { active: 'green', paused: 'yellow', invalid: 'red' } as const;

/** Prints every network, and which are paused and why. */
export async function listNetworks(options: GlobalOptions, io: Io): Promise<void> {
  const target = await findTarget(options, io);
  const aws = await target.aws();
  const names = (await target.networks()) ?? [];
  const networks = await withLedger(aws, (ledger) =>
    Promise.all(names.map((name) => listed(name, aws, ledger))),
  );
  if (options.json) {
    printJson(io, { networks });
    return;
  }
  const paint = painter(io.stdout, io.env);
  const rows = networks.map(({ network, state, code, reason, since }) => [
    network,
    paint(colours[state], state),
    since === null ? '' : toSecond(since),
    code === null ? '' : `${code}: ${reason ?? ''}`,
  ]);
  io.stdout.write(`${table(['NETWORK', 'STATE', 'SINCE', 'WHY'], rows)}\n`);
}
