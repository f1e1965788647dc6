import type { NameList } from '../ledger/items/network-item.ts';

/** Enough to see what kind of names they are; the others are only counted. */
const FIRST_FEW = 10;

export const noNames: NameList = { count: 0, names: [] };

export function withNames(list: NameList, more: readonly string[]): NameList {
  return {
    count: list.count + more.length,
    names: [...list.names, ...more].slice(0, FIRST_FEW),
  };
}
