import * as z from 'zod/mini';
import type { App } from '../sync/ledger/runcloud-ports.ts';
import type { RuncloudClient } from './client.ts';
import { appPath, serverPath } from './paths.ts';
import { readResource } from './read-resource.ts';
import { serverSchema, webAppSchema } from './schemas.ts';

export type RuncloudServer = z.output<typeof serverSchema>;

export type RuncloudWebApp = z.output<typeof webAppSchema>;

/** Proves the credential, and nothing about rights on a server. */
export async function ping(client: RuncloudClient): Promise<void> {
  await readResource(client, '/ping', z.object({}));
}

/** `ipAddress` is the one public address that RunCloud knows. It omits a load balancer and any second address. */
export function readServer(client: RuncloudClient, serverId: string): Promise<RuncloudServer> {
  return readResource(client, serverPath(serverId), serverSchema);
}

export function readWebApp(client: RuncloudClient, app: App): Promise<RuncloudWebApp> {
  return readResource(client, appPath(app), webAppSchema);
}
