import type { DomainItem } from '../../lib/sync/items.ts';
import { protectedSince } from './protection.ts';
import { PRIMARY, type World } from './world.ts';

/** After so many looks in a row that nobody lived to end, giving up is right. */
const MOST_CRASHES = 5;

/** Whether that is what this world can have done to the domain. Of all looks: nobody keeps count of each domain's. */
const isRight = ({ domain, wanted, lastError }: DomainItem, world: World): boolean => {
  switch (lastError?.code) {
    case 'primary-domain':
      return domain === PRIMARY && wanted === 'absent';
    case 'protected-domain':
      return wanted === 'absent' && protectedSince(world, domain) !== undefined;
    case 'internal-error':
      return world.scheduler.kills >= MOST_CRASHES;
    default:
      return false;
  }
};

/**
 * What passes is tried for fifteen hours, and this world is mended after three at the latest; a network's own troubles
 * last longer, and count nothing. So whatever is given up for a failure that passes was given up too soon.
 */
export const wronglyGivenUp = (world: World, item: DomainItem): string[] =>
  item.state !== 'failed' || isRight(item, world)
    ? []
    : [`${item.domain}: given up (${item.lastError?.code ?? 'no error'}) in a world that was mended`];
