import type { App } from '../sync/ledger/runcloud-ports.ts';

export function serverPath(serverId: string): string {
  return `/servers/${encodeURIComponent(serverId)}`;
}

export function appPath({ serverId, appId }: App): string {
  return `${serverPath(serverId)}/webapps/${encodeURIComponent(appId)}`;
}

export function domainsPath(app: App): string {
  return `${appPath(app)}/domains`;
}

export function domainPath(app: App, domainId: number): string {
  return `${domainsPath(app)}/${domainId}`;
}
