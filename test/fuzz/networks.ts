import type { NetworkSettings } from '../../lib/settings/settings.ts';
import { nowMs } from '../support/api/api-world.ts';
import { secretOf } from '../support/api/sign.ts';

/** When all of it happens. */
export const now = nowMs;

function settings(part: Partial<NetworkSettings>): NetworkSettings {
  return {
    credential: { api: 'v3', token: 'token-of-a-workspace-0123456789' },
    serverId: '42',
    appId: '7',
    relaySecrets: [],
    readTokens: [],
    hookTokens: [],
    protectedDomains: ['network.example'],
    callbackUrl: null,
    serverAddresses: [],
    dnsTarget: null,
    removalsPerHour: 60,
    additionsPerHour: 300,
    parkUnreadyNames: true,
    removalGraceMinutes: 0,
    paused: false,
    ...part,
  };
}

/** `demo` is in the middle of a rotation, `other` belongs to another owner, `closed` has neither hook nor reads. */
export const networks: ReadonlyMap<string, NetworkSettings> = new Map([
  [
    'demo',
    settings({
      relaySecrets: [
        secretOf('the new relay secret of network demo'),
        secretOf('the old relay secret of network demo'),
      ],
      readTokens: ['read-token-of-network-demo-012345', 'older-read-token-of-demo-0123456'],
      hookTokens: ['hook-token-of-network-demo-012345', 'older.hook~token-of-demo-01234567'],
    }),
  ],
  [
    'other',
    settings({
      relaySecrets: [secretOf('the relay secret of network other')],
      readTokens: ['read-token-of-network-other-01234'],
      hookTokens: ['hook-token-of-network-other-01234'],
      protectedDomains: ['xn--bcher-kva.example'],
    }),
  ],
  ['closed', settings({ relaySecrets: [secretOf('the relay secret of network closed')] })],
]);

export const networkNames = [...networks.keys()];

/** Stands in fields that the relay does not read: it must never come back out. */
export const marker = 'Canary-Rider-1-Ring-Road';
