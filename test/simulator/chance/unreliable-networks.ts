import { runcloudCertificates } from '../../../lib/runcloud/certificates.ts';
import { runcloudClient } from '../../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import type { Secrets } from '../../../lib/settings/settings.ts';
import type { CallGuard, Networks } from '../../../lib/sync/ledger/runcloud-ports.ts';
import type { Watch } from '../watch/watch.ts';
import type { KeptSecret } from '../world/workers/cached-secrets.ts';
import { fingerprintOf, KEY_SECRET, type World } from '../world/world.ts';
import { RuncloudConnection } from './runcloud-connection.ts';
import type { Actor } from './scheduler.ts';
import { actorClock } from './unreliable-ports.ts';

/** The caller: its domain (none: a network's certificates) and its cached secret. */
export interface Asker {
  readonly domain: string;
  readonly secrets: Secrets<KeptSecret>;
}

/** The network's secret as a worker keeps it, and its RunCloud client: the real one, over a connection that chance decides about. */
export function unreliableNetworks(
  world: World,
  actor: Actor,
  watch: Watch,
  { domain, secrets }: Asker,
): Networks {
  return {
    access: async (network, { fresh }) => {
      await world.scheduler.step(actor, 'before the secret');
      const secret = await secrets.settings(network, { fresh });
      watch.secretRead(actor);
      await world.scheduler.step(actor, 'after the secret');
      if (secret === undefined) return undefined;
      const { names, token, paused, readAt, protectedDomains } = secret;
      const { app } = world.runclouds[names];
      const { fetch, timeoutSignal } = new RuncloudConnection(world, actor, watch, domain);
      const { now } = actorClock(world.scheduler, actor);
      const { api } = world.scenario.surroundings;
      const credential = api === 'v3' ? { api, token } : { api, key: token, secret: KEY_SECRET };
      const client = (guard: CallGuard) =>
        runcloudClient({ baseUrl: 'https://runcloud.example', credential, guard, fetch, timeoutSignal, now });
      return {
        app,
        readAt,
        protectedDomains,
        removalsPerHour: world.scenario.removalsPerHour,
        additionsPerHour: world.scenario.additionsPerHour,
        parkUnreadyNames: true,
        paused,
        credentialFingerprint: fingerprintOf(token),
        serverAddresses: [],
        tellsOutcomes: world.scenario.readers.multisite,
        dnsTarget: null,
        hosting: (guard) => runcloudHosting(client(guard), app),
        certificates: (guard) => runcloudCertificates(client(guard), app),
      };
    },
  };
}
