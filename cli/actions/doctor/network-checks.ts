import type { Finding } from '../../../lib/connection/check.ts';
import { RelayError } from '../../../lib/errors.ts';
import type { NetworkSettings } from '../../../lib/settings/settings.ts';
import { networkKey } from '../../../lib/sync/ledger/keys.ts';
import { readListing } from '../../../lib/sync/network/listing/listing.ts';
import { readConnection } from '../../client/connection.ts';
import { CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { Relay } from '../../target/relay.ts';
import { readSecretText } from '../../target/secrets/secret-text.ts';
import type { Aws } from '../../target/services/aws.ts';
import { withLedger } from '../../target/services/ledger.ts';
import { readOnlyHosting, surroundingsOf } from '../../target/services/runcloud.ts';
import { type DoctorCheck, notVisible, unanswered } from './check.ts';
import { protectedDnsFinding } from './dns-check.ts';
import { pauseFinding } from './pause-check.ts';
import { readSecret } from './secret-check.ts';
import { stockFinding } from './stock-check.ts';

/** What the checks use of the process. */
type AskingIo = Pick<Io, 'signal' | 'sleep' | 'now'>;

/** Makes a check, and reports what keeps it from being made as its result. */
async function made(network: string, name: string, find: () => Promise<Finding>): Promise<DoctorCheck> {
  try {
    return { network, name, ...(await find()) };
  } catch (error) {
    if (error instanceof CommandFailed || error instanceof RelayError)
      return unanswered(network, name, error);
    throw error;
  }
}

async function connectionChecks(
  network: string,
  relay: () => Promise<Relay>,
  io: AskingIo,
): Promise<DoctorCheck[]> {
  try {
    const { checks } = await readConnection(await relay(), io);
    // The secret itself is checked here, in more detail.
    return checks
      .filter(({ name }) => name !== 'secret')
      .map(({ name, ...finding }) => ({ network, name, ...finding }));
  } catch (error) {
    if (error instanceof CommandFailed) return [unanswered(network, 'connection', error)];
    throw error;
  }
}

async function settingsChecks(network: string, settings: NetworkSettings, aws: Aws): Promise<DoctorCheck[]> {
  const { DNS_SERVERS: dnsServers } = surroundingsOf(aws);
  const item = () => withLedger(aws, async (ledger) => (await ledger.read(networkKey(network)))?.item);
  return [
    await made(network, 'pause', async () => pauseFinding(await item(), settings.paused, network)),
    await made(network, 'protected-dns', async () =>
      protectedDnsFinding(settings, (await item())?.server?.address, dnsServers),
    ),
    await made(network, 'stock-integration', async () =>
      stockFinding((await readListing(readOnlyHosting(settings, aws))).domains),
    ),
  ];
}

/** All checks of one network. `aws` is undefined where there is only an address. */
export async function networkChecks(
  network: string,
  relay: () => Promise<Relay>,
  aws: Aws | undefined,
  io: AskingIo,
): Promise<DoctorCheck[]> {
  if (aws === undefined) {
    const hidden = ['secret', 'pause', 'protected-dns', 'stock-integration'];
    return [
      ...(await connectionChecks(network, relay, io)),
      ...hidden.map((name) => notVisible(network, name)),
    ];
  }
  let settings: NetworkSettings | undefined;
  const secret = await made(network, 'secret', async () => {
    const read = readSecret(await readSecretText(network, aws), network);
    settings = read.settings;
    return read.finding;
  });
  if (settings === undefined) return [secret];
  return [
    secret,
    ...(await connectionChecks(network, relay, io)),
    ...(await settingsChecks(network, settings, aws)),
  ];
}
