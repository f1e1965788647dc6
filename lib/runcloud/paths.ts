/** One web application. Ids come from the network's secret as text. */
export interface AppIds {
  readonly serverId: string;
  readonly appId: string;
}

export const serverPath = (serverId: string): string => `/servers/${encodeURIComponent(serverId)}`;

export const appPath = ({ serverId, appId }: AppIds): string =>
  `${serverPath(serverId)}/webapps/${encodeURIComponent(appId)}`;

export const domainsPath = (app: AppIds): string => `${appPath(app)}/domains`;

export const domainPath = (app: AppIds, domainId: number): string => `${domainsPath(app)}/${domainId}`;
