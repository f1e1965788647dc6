import type { DomainItem } from '../items/domain-item.ts';
import { CLOCKS_AGREE_MS } from '../time.ts';

type Waiting = Pick<DomainItem, 'wanted' | 'grace'>;

/** Until when a removal is not followed; null: it may be followed now. */
export function graceUntil({ wanted, grace }: Waiting, now: number): number | null {
  const waits = wanted === 'absent' && grace !== null && grace.until > now + CLOCKS_AGREE_MS;
  return waits ? grace.until : null;
}

/**
 * What the domain would return to no longer holds: its sibling's row has changed, or its network has moved. Taken back, it needs
 * a pass like any other addition. Undefined: there was nothing to return to.
 */
export function withoutReturn(item: DomainItem): DomainItem | undefined {
  const { grace } = item;
  return grace === null || grace.before === null ? undefined : { ...item, grace: { ...grace, before: null } };
}
