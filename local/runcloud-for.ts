import type { Credential, NetworkSettings } from '../lib/settings/settings.ts';
import type { AppSeed, ServerSeed, WorkspaceSeed } from './runcloud/seed.ts';

const ownerOf = (credential: Credential) => (credential.api === 'v3' ? credential.token : credential.key);

const api = (credential: Credential): Pick<WorkspaceSeed, 'tokens' | 'keys'> =>
  credential.api === 'v3'
    ? { tokens: [credential.token] }
    : { keys: [{ key: credential.key, secret: credential.secret }] };

const appOf = ({ appId, protectedDomains }: NetworkSettings): AppSeed => ({
  id: Number(appId),
  domains: [{ name: protectedDomains[0] ?? `app-${appId}.example.com`, type: 'primary' }],
});

/** The first network of each application: two may name the same one. */
const appsOf = (networks: readonly NetworkSettings[]): AppSeed[] =>
  [...Map.groupBy(networks, ({ appId }) => appId).values()].flatMap((members) =>
    members.slice(0, 1).map(appOf),
  );

const serversOf = (networks: readonly NetworkSettings[]): ServerSeed[] =>
  [...Map.groupBy(networks, ({ serverId }) => serverId)].map(([id, there]) => ({
    id: Number(id),
    apps: appsOf(there),
  }));

/** A RunCloud with the accounts, servers and applications that the networks' secrets name. */
export const runcloudFor = (networks: Iterable<NetworkSettings>): WorkspaceSeed[] =>
  [...Map.groupBy(networks, ({ credential }) => ownerOf(credential))].flatMap(([, members]) => {
    const [first] = members;
    return first === undefined ? [] : [{ ...api(first.credential), servers: serversOf(members) }];
  });
