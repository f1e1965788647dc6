import type { NetworkSettings } from '../../../lib/settings/settings.ts';
import { isGone } from '../../../lib/sync/drift/confirm-missing.ts';
import { isMissing, UnexpectedRows } from '../../../lib/sync/drift/unexpected-rows.ts';
import type { DomainItem } from '../../../lib/sync/ledger/items/domain-item.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import type { Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { allItems } from '../../../lib/sync/ledger/updates/all-items.ts';
import { ListReading } from '../../../lib/sync/network/listing/list-reading.ts';

export interface FoundDrift {
  /** RunCloud's list was read as a whole. */
  readonly complete: boolean;
  readonly missing: readonly string[];
  readonly unwanted: readonly string[];
  readonly unknown: readonly string[];
}

/** Compares as the daily comparison does, by the same rules, at the moment `begunAt`. Writes nothing. */
export async function findDrift(
  network: string,
  { serverId, appId, protectedDomains }: Pick<NetworkSettings, 'serverId' | 'appId' | 'protectedDomains'>,
  begunAt: number,
  { ledger, hosting }: { readonly ledger: Ledger; readonly hosting: Pick<Hosting, 'find' | 'page'> },
): Promise<FoundDrift> {
  const app = { serverId, appId };
  const reading = new ListReading();
  for (let page = reading.nextPage; page !== null; page = reading.nextPage) {
    reading.add(await hosting.page(page));
  }
  const unexpected = new UnexpectedRows(reading.rows.values(), { begunAt, protectedDomains });
  const suspects: DomainItem[] = [];
  for await (const item of allItems(ledger, 'domain', network, (name) =>
    unexpected.explainUnreadable(name),
  )) {
    unexpected.explain(item);
    if (isMissing(item, begunAt, { app, reading })) suspects.push(item);
  }
  const missing: string[] = [];
  for (const suspect of suspects) {
    if (await isGone(suspect, { app, reading, hosting })) missing.push(suspect.domain);
  }
  const { unwanted, unknown } = unexpected;
  return { complete: reading.isWhole, missing, unwanted, unknown };
}
