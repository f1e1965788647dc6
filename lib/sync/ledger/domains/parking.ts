import type { DomainItem, Parking, ParkingReason } from '../items/domain-item.ts';
import { withEntry } from '../items/history.ts';
import { makeDueBy } from '../items/work-item.ts';
import type { HostedDomain } from '../runcloud-ports.ts';
import type { ItemUpdate } from '../updates/update.ts';
import { withoutRow } from './without-row.ts';

/**
 * Whether this row may be taken out: the relay made it, and it serves nothing but its own name. A row whose type is unknown
 * may be the primary one.
 */
export function isParkableRow(
  { id, type, www, wildcard }: HostedDomain,
  { ownId, reason }: { readonly ownId: number | null; readonly reason: ParkingReason },
): boolean {
  // The `www.` of a name without any certificate has none either.
  const ownNameOnly = !wildcard && (www !== true || reason === 'name-unsupported');
  return id === ownId && type === 'alias' && ownNameOnly;
}

/** Whether the relay serves this domain by a row of its own that it may take out. */
export function isParkable(item: DomainItem, row: HostedDomain, reason: ParkingReason): boolean {
  const { wanted, state, parking, addedId, runcloudId } = item;
  const served = wanted === 'present' && state === 'present' && parking === null;
  return served && runcloudId?.id === row.id && isParkableRow(row, { ownId: addedId, reason });
}

/** Records that a served name is to be parked, and makes its domain due: sync-domain takes the row out. */
export function park(row: HostedDomain, parking: Parking) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, boolean> => {
    if (item === undefined || !isParkable(item, row, parking.reason)) return { result: false };
    const history = withEntry(item.history, parking.at, 'parking', parking.reason);
    return { write: { ...item, parking, history, ...makeDueBy(item, parking.at) }, result: true };
  };
}

/** The name may be served: sync-domain adds it again, or leaves it where it is. */
export function unpark(now: number) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, boolean> => {
    if (item === undefined || item.parking === null) return { result: false };
    const history = withEntry(item.history, now, 'unparked');
    const write =
      item.state === 'parked' && item.owner === null
        ? withoutRow(item, now, now, history)
        : { ...item, parking: null, history, ...makeDueBy(item, now) };
    return { write, result: true };
  };
}

/** The reason of a parked name may change with its DNS. */
export function withParkingReason(reason: ParkingReason) {
  return (item: DomainItem | undefined): ItemUpdate<DomainItem, undefined> => {
    const parking = item?.parking ?? null;
    if (item === undefined || parking === null || parking.reason === reason) return { result: undefined };
    const shown = item.state === 'parked' ? { reason } : {};
    return { write: { ...item, ...shown, parking: { ...parking, reason } }, result: undefined };
  };
}
