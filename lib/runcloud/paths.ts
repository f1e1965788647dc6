import type { App } from '../sync/ledger/ports.ts';

export const serverPath = (serverId: string): string => `/servers/${encodeURIComponent(serverId)}`;

export const appPath = ({ serverId, appId }: App): string =>
  `${serverPath(serverId)}/webapps/${encodeURIComponent(appId)}`;

export const domainsPath = (app: App): string => `${appPath(app)}/domains`;

export const domainPath = (app: App, domainId: number): string => `${domainsPath(app)}/${domainId}`;
