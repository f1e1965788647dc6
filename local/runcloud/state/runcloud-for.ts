import type { Credential, NetworkSettings } from '../../../lib/settings/settings.ts';
import type { AppSeed, ServerSeed, WorkspaceSeed } from './seed.ts';

function ownerOf(credential: Credential) {
  return credential.api === 'v3' ? credential.token : credential.key;
}

function api(credential: Credential): Pick<WorkspaceSeed, 'tokens' | 'keys'> {
  return credential.api === 'v3'
    ? { tokens: [credential.token] }
    : { keys: [{ key: credential.key, secret: credential.secret }] };
}

function appOf({ appId, protectedDomains }: NetworkSettings): AppSeed {
  return {
    id: Number(appId),
    domains: [{ name: protectedDomains[0] ?? `app-${appId}.example.com`, type: 'primary' }],
  };
}

/** The first network of each application: two may name the same one. */
function appsOf(networks: readonly NetworkSettings[]): AppSeed[] {
  return [...Map.groupBy(networks, ({ appId }) => appId).values()].flatMap((members) =>
    members.slice(0, 1).map(appOf),
  );
}

function serversOf(networks: readonly NetworkSettings[]): ServerSeed[] {
  return [...Map.groupBy(networks, ({ serverId }) => serverId)].map(([id, there]) => ({
    id: Number(id),
    apps: appsOf(there),
  }));
}

/** A RunCloud with the accounts, servers and applications that the networks' secrets name. */
export function runcloudFor(networks: Iterable<NetworkSettings>): WorkspaceSeed[] {
  return [...Map.groupBy(networks, ({ credential }) => ownerOf(credential))].flatMap(([, members]) => {
    const [first] = members;
    return first === undefined ? [] : [{ ...api(first.credential), servers: serversOf(members) }];
  });
}
