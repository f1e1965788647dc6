import { isNetworkName } from '../../../lib/network-name.ts';
import { BadUsage, CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { type Colour, painter } from '../../output/colours.ts';
import { printJson } from '../../output/json.ts';
import { table } from '../../output/table.ts';
import { findTarget } from '../../target/find-target.ts';
import type { Relay } from '../../target/relay.ts';
import type { Target } from '../../target/target.ts';
import { apiChecks } from './api-checks.ts';
import { awsChecks } from './aws-checks.ts';
import { type DoctorCheck, notVisible } from './check.ts';
import { networkChecks } from './network-checks.ts';

const colours: Readonly<Record<DoctorCheck['state'], Colour>> = {
  ok: 'green',
  warning: 'yellow',
  failed: 'red',
  'not-answered': 'red',
  skipped: 'dim',
};

async function networksOf(target: Target, network: string | undefined): Promise<readonly string[]> {
  if (network !== undefined) {
    if (isNetworkName(network)) return [network];
    throw new BadUsage('--network must be 1 to 32 lower case letters, digits or hyphens.');
  }
  const names = await target.networks();
  if (names === undefined) throw new BadUsage('Name the network with --network.');
  return names;
}

/** The API first: without it, nothing else of the relay can be asked. */
async function allChecks(target: Target, networks: readonly string[], io: Io): Promise<DoctorCheck[]> {
  const api = await apiChecks(target, io);
  const aws = target.isAddressOnly ? undefined : await target.aws();
  const shared =
    aws === undefined
      ? ['queues', 'dead-letters', 'alarms'].map((name) => notVisible(null, name))
      : await awsChecks(aws);
  const checks = [...api, ...shared];
  for (const network of networks) {
    const relay = async (): Promise<Relay> => ({
      target,
      network,
      credentials: await target.credentials(network),
    });
    checks.push(...(await networkChecks(network, relay, aws, io)));
  }
  return checks;
}

/** Walks everything between this machine and RunCloud. Throws `CommandFailed` if a check fails. */
export async function doctor(options: GlobalOptions, io: Io): Promise<void> {
  const target = await findTarget(options, io);
  const checks = await allChecks(target, await networksOf(target, options.network), io);
  const bad = checks.filter(({ state }) => state === 'failed' || state === 'not-answered');
  if (options.json) printJson(io, { checks });
  else {
    const paint = painter(io.stdout, io.env);
    const rows = checks.map(({ network, name, state, detail }) => [
      paint(colours[state], state),
      network ?? '-',
      name,
      detail,
    ]);
    const fixes = checks.flatMap(({ network, name, fix }) =>
      fix === null ? [] : [`${network === null ? '' : `${network} `}${name}: ${fix}`],
    );
    io.stdout.write(`${table(['STATE', 'NETWORK', 'CHECK', 'DETAIL'], rows)}\n`);
    if (fixes.length > 0) io.stdout.write(`\n${fixes.join('\n')}\n`);
  }
  if (bad.length > 0)
    throw new CommandFailed(`${bad.length} of ${checks.length} checks failed: see what to do above.`);
}
