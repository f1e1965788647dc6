import type { DomainItem } from '../items/domain-item.ts';
import type { App } from '../runcloud-ports.ts';
import { isSameApp } from '../same-app.ts';

/** Whether the row that the ledger knows is another application's: an id says nothing of any other. */
export function isElsewhere({ runcloudId }: Pick<DomainItem, 'runcloudId'>, app: App): boolean {
  return runcloudId !== null && !isSameApp(runcloudId, app);
}
