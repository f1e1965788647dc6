import { heapGrowth } from './heap-growth.ts';
import type { StackWeighed } from './stack-messages.ts';

/** What the stack loads late, and keeps once. */
const onceBytes = 6 * 2 ** 20;
/** What an event may leave behind: a record of the event itself, and its share of a domain's items and history. */
const eventBytes = 28 * 2 ** 10;

/** Of `npm start`, with npm itself, which takes the rest. */
export const mostRssBytes = 540 * 2 ** 20;

/** What the stack keeps more in the last quarter of the weighings than in the second: half of the events lie between. */
export function keptGrowth(weighed: readonly Pick<StackWeighed, 'keptBytes'>[]): number {
  return heapGrowth(weighed.map(({ keptBytes }) => ({ heapBytes: keptBytes })));
}

/** The most that this may be. */
export function mostKeptBytes(events: number): number {
  return onceBytes + (eventBytes * events) / 2;
}
