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
