import { Unavailable } from '../../errors.ts';

/**
 * Works on `atOnce` items at a time; results are in the order of the items. Throws what the first failed item threw, once
 * its whole chunk has ended.
 */
export async function inBatches<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    const chunk = await Promise.allSettled(items.slice(start, start + atOnce).map(work));
    for (const outcome of chunk) {
      if (outcome.status === 'rejected') throw outcome.reason;
      results.push(outcome.value);
    }
  }
  return results;
}

/** What calls over items of one ledger share: a last chunk of one says more together with what the calls before have met. */
export interface Reach {
  /** An item was within reach. */
  hasAny: boolean;
}

/**
 * Like `inBatches`, for items of the ledger. DynamoDB throttles single keys, so an item that is out of reach is left out (undefined)
 * and holds up no other. Throws where no item of a chunk is within reach, because then the ledger itself is away. A chunk of
 * one item says nothing of the ledger where others have been reached, by this call or by one before it with the same `reach`.
 */
export async function inBatchesWithinReach<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
  reach: Reach = { hasAny: false },
): Promise<(R | undefined)[]> {
  const results: (R | undefined)[] = [];
  for (let start = 0; start < items.length; start += atOnce) {
    const chunk = await Promise.allSettled(items.slice(start, start + atOnce).map(work));
    const anyReached: boolean =
      chunk.some(({ status }) => status === 'fulfilled') || (chunk.length === 1 && reach.hasAny);
    reach.hasAny ||= anyReached;
    for (const outcome of chunk) {
      if (outcome.status === 'fulfilled') results.push(outcome.value);
      else if (anyReached && outcome.reason instanceof Unavailable) results.push(undefined);
      else throw outcome.reason;
    }
  }
  return results;
}
