import { type Check, passed } from '../../../lib/connection/check.ts';
import { checkConnection } from '../../../lib/connection/check-connection.ts';
import { runcloudClient } from '../../../lib/runcloud/client.ts';
import { InvalidSecret } from '../../../lib/settings/invalid-secret.ts';
import { type NetworkSettings, parseSettings } from '../../../lib/settings/settings.ts';
import { CommandFailed } from '../../errors.ts';
import { type Io, say } from '../../io.ts';
import type { SecretValues } from '../../target/secrets/secret-store.ts';
import type { Aws } from '../../target/services/aws.ts';
import { withLedger } from '../../target/services/ledger.ts';
import { surroundingsOf } from '../../target/services/runcloud.ts';

function settingsOf(values: SecretValues): NetworkSettings {
  try {
    return parseSettings(JSON.stringify(values));
  } catch (error) {
    if (error instanceof InvalidSecret) throw new CommandFailed(`${error.message}. Nothing was saved.`);
    throw error;
  }
}

/** Tries a secret against RunCloud before it is saved. Throws `CommandFailed` that names the first fault and its fix. */
export async function testConnection(
  network: string,
  values: SecretValues,
  aws: Aws,
  io: Io,
): Promise<readonly Check[]> {
  const { credential, serverId, appId, protectedDomains, paused } = settingsOf(values);
  const { RUNCLOUD_URL: baseUrl } = surroundingsOf(aws);
  const connection = { network, app: { serverId, appId }, protectedDomains, paused };
  const { ok, checks } = await withLedger(aws, (ledger) =>
    checkConnection(connection, {
      ledger,
      clock: io,
      runcloud: () => runcloudClient({ baseUrl, credential }),
    }),
  );
  for (const { name, state, detail, fix } of checks) {
    say(io, `${state.padEnd(8)}  ${name}: ${detail}${fix === null ? '' : `. ${fix}`}`);
  }
  const fault = checks.find((check) => !passed(check));
  if (ok || fault === undefined) return checks;
  throw new CommandFailed(
    `Nothing was saved, because the check "${fault.name}" failed: ${fault.fix ?? fault.detail}.`,
  );
}
