import type { Ledger } from '../sync/ledger/ports.ts';
import type { App } from '../sync/ledger/runcloud-ports.ts';
import { isSameApp } from '../sync/ledger/same-app.ts';
import type { MovedDomains } from './hosted-findings.ts';

const PAGE_ROWS = 200;
/** A thousand domains are enough for a warning, and are read within a second. */
const MOST_PAGES = 5;

/** Counts the wanted domains that were last seen at another web application, per application. */
export async function movedDomains(
  ledger: Pick<Ledger, 'page'>,
  network: string,
  app: App,
): Promise<MovedDomains[]> {
  const byApp = new Map<string, { app: App; count: number }>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await ledger.page('domain', network, cursor, PAGE_ROWS);
    for (const { wanted, runcloudId } of page.items) {
      if (wanted !== 'present' || runcloudId === null || isSameApp(runcloudId, app)) continue;
      const { serverId, appId } = runcloudId;
      const key = `${serverId}/${appId}`;
      byApp.set(key, { app: { serverId, appId }, count: (byApp.get(key)?.count ?? 0) + 1 });
    }
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return [...byApp.values()].map((found) => ({
    ...found.app,
    count: found.count,
    atLeast: cursor !== undefined,
  }));
}
