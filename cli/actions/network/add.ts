import { CommandFailed } from '../../errors.ts';
import type { Io } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import { findTarget } from '../../target/find-target.ts';
import { createValues } from '../../target/secrets/secret-store.ts';
import { readSecretText } from '../../target/secrets/secret-text.ts';
import { askValues } from './ask-values.ts';
import { checkedNetwork } from './checked-network.ts';
import { newRelaySecret, newToken } from './new-value.ts';
import { testConnection } from './test-connection.ts';

/**
 * Makes the secret of a new network: asks for what RunCloud knows, makes the relay's own values, and saves it once RunCloud
 * accepts it. Prints what the multisite needs.
 */
export async function addNetwork(name: string, options: GlobalOptions, io: Io): Promise<void> {
  const network = checkedNetwork(name);
  const target = await findTarget(options, io);
  const aws = await target.aws();
  if ((await readSecretText(network, aws)) !== undefined) {
    throw new CommandFailed(
      `Network ${network} is there already: change its values with relay secret rotate.`,
    );
  }
  const relaySecret = newRelaySecret();
  const readToken = newToken();
  const values = { ...(await askValues(io)), RELAY_SECRET: relaySecret, RELAY_READ_TOKEN: readToken };
  await testConnection(network, values, aws, io);
  await createValues(network, values, aws);
  const url = `${target.url}/${network}`;
  if (options.json) {
    printJson(io, { network, url, relaySecret, readToken });
    return;
  }
  const constants = {
    WU_RUNCLOUD_RELAY_URL: url,
    WU_RUNCLOUD_RELAY_SECRET: relaySecret,
    WU_RUNCLOUD_RELAY_READ_TOKEN: readToken,
  };
  for (const [constant, value] of Object.entries(constants)) {
    io.stdout.write(`define( '${constant}', '${value}' );\n`);
  }
}
