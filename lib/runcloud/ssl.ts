import type * as z from 'zod/mini';
import type { App, SslMode } from '../sync/ledger/runcloud-ports.ts';
import type { RuncloudClient } from './client.ts';
import { RuncloudForbidden, RuncloudNotFound, RuncloudRefused } from './errors.ts';
import { appPath, domainPath } from './paths.ts';
import { sslModeSchema, sslSchema } from './schemas.ts';

/** The certificate of the whole application, or (advanced mode) that of one of its domains. */
export interface SslOwner extends App {
  readonly domainId?: number;
}

/** RunCloud does not say which names a certificate covers; only a handshake does. */
export type InstalledSsl = z.output<typeof sslSchema>;

function sslPath(owner: SslOwner): string {
  return owner.domainId === undefined ? `${appPath(owner)}/ssl` : `${domainPath(owner, owner.domainId)}/ssl`;
}

/** An answer without an id shows no certificate: "SSL not installed!" comes with more than one status. */
function toInstalled(body: unknown): InstalledSsl | undefined {
  const parsed = sslSchema.safeParse(body);
  return parsed.success ? parsed.data : undefined;
}

/**
 * `unknown` if RunCloud has no such call, does not allow it for this plan, or answers in an unknown form. Never guess
 * `basic`: an order in the wrong mode spends the CA's limits.
 */
export async function readSslMode(client: RuncloudClient, app: App): Promise<SslMode> {
  let body: unknown;
  try {
    body = await client.request({ method: 'GET', path: `${appPath(app)}/ssl/advanced` });
  } catch (error) {
    const noSuchCall =
      error instanceof RuncloudNotFound ||
      error instanceof RuncloudForbidden ||
      error instanceof RuncloudRefused;
    if (noSuchCall) return 'unknown';
    throw error;
  }
  const parsed = sslModeSchema.safeParse(body);
  if (!parsed.success) return 'unknown';
  const { advancedSSL, advancedSsl, enabled, autoSSL, autoSsl } = parsed.data;
  if (autoSSL ?? autoSsl) return 'autossl';
  const advanced = advancedSSL ?? advancedSsl ?? enabled;
  if (advanced === undefined) return 'unknown';
  return advanced ? 'advanced' : 'basic';
}

const NONE = /not installed/i;

/** `unclear`: a success that neither shows a certificate nor says that there is none. */
async function readSsl(client: RuncloudClient, owner: SslOwner): Promise<InstalledSsl | 'none' | 'unclear'> {
  try {
    const body = await client.request({ method: 'GET', path: sslPath(owner) });
    return toInstalled(body) ?? (NONE.test(JSON.stringify(body) ?? '') ? 'none' : 'unclear');
  } catch (error) {
    if (error instanceof RuncloudNotFound) return 'none';
    if (error instanceof RuncloudRefused && NONE.test(error.said ?? '')) return 'none';
    throw error;
  }
}

/**
 * Undefined: none is installed. It is unknown whether an empty answer says so. It counts only if it comes twice: an order
 * in the place of a certificate that one bad answer hides could take HTTPS from all names.
 */
export async function findSsl(client: RuncloudClient, owner: SslOwner): Promise<InstalledSsl | undefined> {
  const first = await readSsl(client, owner);
  const found = first === 'unclear' ? await readSsl(client, owner) : first;
  return typeof found === 'string' ? undefined : found;
}

/** Orders and installs a Let's Encrypt certificate. `unclear`: a success that does not show it; check again later. */
export async function installSsl(client: RuncloudClient, owner: SslOwner): Promise<InstalledSsl | 'unclear'> {
  const body = await client.request({
    method: 'POST',
    path: sslPath(owner),
    body: {
      provider: 'letsencrypt',
      // Plain HTTP stays on: otherwise visitors of a name that the certificate does not cover yet would see a warning.
      enableHttp: true,
      enableHsts: false,
      authorizationMethod: 'http-01',
      environment: 'live',
      // TLS 1.2 and 1.3. Only v2 has this field, and may require it.
      ...(client.api === 'v2' && { ssl_protocol_id: 2 }),
      // Documented for one domain's certificate. Only for advanced mode: it may switch a basic application over.
      ...(owner.domainId !== undefined && { advancedSSL: true, autoSSL: false }),
    },
    ordersCertificate: true,
  });
  return toInstalled(body) ?? 'unclear';
}

/** Orders again, for the current names. PUT re-issues; PATCH would only edit settings. `gone`: that id no longer exists. */
export async function redeploySsl(
  client: RuncloudClient,
  owner: SslOwner,
  sslId: number,
): Promise<InstalledSsl | 'unclear' | 'gone'> {
  try {
    const path = `${sslPath(owner)}/${sslId}`;
    return toInstalled(await client.request({ method: 'PUT', path, ordersCertificate: true })) ?? 'unclear';
  } catch (error) {
    if (error instanceof RuncloudNotFound) return 'gone';
    throw error;
  }
}
