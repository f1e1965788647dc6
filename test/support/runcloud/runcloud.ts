import {
  type RuncloudClient,
  type RuncloudClientOptions,
  runcloudClient,
} from '../../../lib/runcloud/client.ts';
import { type RunningRuncloud, startRuncloud } from '../../../local/runcloud/server.ts';
import type { AppSeed, DomainSeed } from '../../../local/runcloud/state/seed.ts';

export const token = 'token-of-the-workspace-0123456789';
export const foreignToken = 'token-of-another-workspace-0123456789';
export const legacy = { key: 'legacy-key-0123456789', secret: 'legacy-secret-0123456789' };

/** The web application every test of ours is about. */
export const ids = { serverId: '42', appId: '7' };
export const app = 7;

export const primary: DomainSeed = { id: 1, name: 'network.example', type: 'primary' };

type StartOptions = Omit<Parameters<typeof startRuncloud>[0], 'workspaces'> & {
  readonly app?: Partial<AppSeed>;
  readonly plan?: 'pro' | 'business';
};

/** A workspace with one server and one application, a second application beside it, and a workspace of another owner. */
export function worldOf(seed: Partial<AppSeed> = {}, plan: 'pro' | 'business' = 'business') {
  return [
    {
      tokens: [token],
      keys: [legacy],
      plan,
      servers: [
        {
          id: 42,
          name: 'net-01',
          ipAddress: '203.0.113.10',
          apps: [
            { id: app, name: 'network', domains: [primary], ...seed },
            { id: 8, name: 'other-app' },
          ],
        },
      ],
    },
    { tokens: [foreignToken], servers: [{ id: 43, apps: [{ id: 9 }] }] },
  ];
}

export function runcloudWorld({ app: seed, plan, ...options }: StartOptions = {}): Promise<RunningRuncloud> {
  return startRuncloud({ ...options, workspaces: worldOf(seed, plan) });
}

export function clientOf(
  { url }: { readonly url: string },
  options: Partial<RuncloudClientOptions> = {},
): RuncloudClient {
  return runcloudClient({ baseUrl: url, credential: { api: 'v3', token }, ...options });
}

/** What that promise fails with; fails itself if it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('Expected a failure');
}
