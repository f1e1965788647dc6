import type { App } from './runcloud-ports.ts';

/** The same web application on the same server. */
export function isSameApp(a: App, b: App): boolean {
  return a.serverId === b.serverId && a.appId === b.appId;
}
