import { isElsewhere } from '../ledger/domains/elsewhere.ts';
import { withoutRow } from '../ledger/domains/without-row.ts';
import type { DomainItem } from '../ledger/items/domain-item.ts';
import { withEntry } from '../ledger/items/history.ts';
import type { App } from '../ledger/runcloud-ports.ts';
import type { ItemUpdate } from '../ledger/updates/update.ts';
import { isHeldPresent } from './unexpected-rows.ts';

/**
 * Makes a domain that was settled as present and is missing in the web application due again, as if it had just been announced. Its
 * pass adds it without a read, as any first pass does. A newer update, open work and failed domains stay as they are.
 */
export function reopenMissing(at: {
  readonly app: App;
  readonly begunAt: number;
  readonly now: number;
  readonly dueAt: number;
}) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, boolean> => {
    if (item === undefined || !isHeldPresent(item, at.begunAt)) return { result: false };
    const why = isElsewhere(item, at.app) ? 'left out by the move' : "not in RunCloud's list";
    const history = withEntry(item.history, at.now, 'missing', why);
    return { write: withoutRow(item, at.now, at.dueAt, history), result: true };
  };
}
