import type { AppSeed, WorkspaceSeed } from '../../../local/runcloud/state/seed.ts';
import type { Switches } from '../../../local/runcloud/state/switches.ts';
import { secretOf } from '../api/sign.ts';

export type Secret = Readonly<Record<string, string>>;

export const sslModes = {
  basic: { advancedSSL: false, autoSSL: false },
  advanced: { advancedSSL: true, autoSSL: false },
  autossl: { advancedSSL: true, autoSSL: true },
} as const;

export type SslMode = keyof typeof sslModes;

/** One network of a flow; what is left out is as usual. */
export interface NetworkSeed {
  /** Keys of its secret that differ; an empty text leaves a key out. */
  readonly secret?: Secret;
  readonly app?: Partial<Omit<AppSeed, 'id'>>;
  /** Default: basic. */
  readonly ssl?: SslMode;
  readonly plan?: 'pro' | 'business';
  /** What RunCloud does in its workspace alone. */
  readonly switches?: Partial<Switches>;
}

/** A network with a token, a server and a web application of its own: what one test spoils harms no other. */
export interface PlacedNetwork {
  readonly name: string;
  readonly serverId: number;
  readonly appId: number;
  /** The server's own; the TLS edge listens there. */
  readonly serverAddress: string;
  /** The network's own domain, protected and primary. */
  readonly ownDomain: string;
  /** What RunCloud's API v2 takes in place of the token. */
  readonly legacyPair: { readonly key: string; readonly secret: string };
  readonly secret: Secret;
  readonly workspace: WorkspaceSeed;
}

export function placeNetwork(
  name: string,
  { secret, app, ssl = 'basic', plan = 'business', switches = {} }: NetworkSeed,
  index: number,
): PlacedNetwork {
  const serverId = 400 + index;
  const appId = 700 + index;
  const serverAddress = '127.0.0.1';
  const ownDomain = `${name}.network.example.com`;
  const token = `token-of-the-workspace-of-${name}`;
  const legacyPair = {
    key: `legacy-key-of-${name}-0123456789`,
    secret: `legacy-secret-of-${name}-0123456789`,
  };
  const domains = app?.domains ?? [];
  return {
    name,
    serverId,
    appId,
    serverAddress,
    ownDomain,
    legacyPair,
    secret: {
      WU_RUNCLOUD_API_TOKEN: token,
      WU_RUNCLOUD_SERVER_ID: String(serverId),
      WU_RUNCLOUD_APP_ID: String(appId),
      RELAY_SECRET: secretOf(`the relay secret of network ${name}`),
      RELAY_READ_TOKEN: `read-token-of-network-${name}-0123456789`,
      RELAY_HOOK_TOKEN: `hook-token-of-network-${name}-0123456789`,
      PROTECTED_DOMAINS: ownDomain,
      // A flow does not wait in real time.
      REMOVAL_GRACE_MINUTES: '0',
      ...secret,
    },
    workspace: {
      tokens: [token],
      keys: [legacyPair],
      plan,
      switches,
      servers: [
        {
          id: serverId,
          ipAddress: serverAddress,
          apps: [
            {
              ...sslModes[ssl],
              ...app,
              id: appId,
              domains: [{ name: ownDomain, type: 'primary' }, ...domains],
            },
          ],
        },
      ],
    },
  };
}

const secretKeys = [
  'WU_RUNCLOUD_API_TOKEN',
  'WU_RUNCLOUD_API_KEY',
  'WU_RUNCLOUD_API_SECRET',
  'RELAY_SECRET',
  'RELAY_READ_TOKEN',
  'RELAY_HOOK_TOKEN',
];

/** Everything in a secret that must not leak, one by one, as it is sent, as it is written down and as it is used. */
export function unspeakable(secret: Secret): string[] {
  const texts = secretKeys
    .flatMap((key) => (secret[key] ?? '').split(' '))
    .map((text) => text.replace(/^whsec_/, ''));
  const keys = (secret.RELAY_SECRET ?? '')
    .split(' ')
    .map((text) => Buffer.from(text.replace(/^whsec_/, ''), 'base64').toString('utf8'));
  const pair = `${secret.WU_RUNCLOUD_API_KEY ?? ''}:${secret.WU_RUNCLOUD_API_SECRET ?? ''}`;
  return [...texts, ...keys, pair].filter((text) => text !== '' && text !== ':');
}
