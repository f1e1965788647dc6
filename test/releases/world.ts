import { secretOf } from '../support/api/sign.ts';
import type { TestStackOptions } from '../support/stack/stack.ts';

/** The network that most of it is about. */
export const network = 'acme';
/** Its removals wait for their grace. */
export const patient = 'patient';
/** Its secret says PAUSED. */
export const halted = 'halted';

export const relaySecret = secretOf('the secret of a released network');
export const readToken = 'read-token-of-a-released-network-0123';
export const apps = { [network]: 7, [patient]: 8, [halted]: 9 };

export const names = {
  served: 'shop.acme-bikes.com',
  waiting: 'later.acme-bikes.com',
  removed: 'old.acme-bikes.com',
  byHand: 'by-hand.acme-bikes.com',
  taken: 'taken.acme-bikes.com',
  leaving: 'leaving.acme-bikes.com',
  stopped: 'stopped.acme-bikes.com',
};

/** Of a network itself; its DNS leads to the server. */
export function ownDomain(of: string): string {
  return `${of}.network.example.com`;
}

/** Networks, web applications and names, the same for the script that writes the items and for the test that reads them later. */
export function releaseWorld(callbackUrl: string, paused = 'true') {
  const token = 'token-of-the-released-workspace';
  const secrets = Object.fromEntries(
    Object.entries(apps).map(([of, app]) => [
      of,
      {
        WU_RUNCLOUD_API_TOKEN: token,
        WU_RUNCLOUD_SERVER_ID: '42',
        WU_RUNCLOUD_APP_ID: String(app),
        RELAY_SECRET: relaySecret,
        RELAY_READ_TOKEN: readToken,
        PROTECTED_DOMAINS: ownDomain(of),
        REMOVAL_GRACE_MINUTES: of === patient ? '15' : '0',
        CALLBACK_URL: callbackUrl,
        ...(of === halted && { PAUSED: paused }),
      },
    ]),
  );
  const workspace = {
    tokens: [token],
    servers: [
      {
        id: 42,
        ipAddress: '127.0.0.1',
        apps: Object.entries(apps).map(([of, id]) => ({
          id,
          domains: [
            { name: ownDomain(of), type: 'primary' as const },
            ...(of === network ? [{ name: names.byHand }] : []),
          ],
        })),
      },
    ],
  };
  return {
    secrets,
    runcloud: { workspaces: [workspace], switches: { sslIssue: 'immediate' } },
    certificateRetryBaseSeconds: 0.5,
  } satisfies TestStackOptions;
}
