import { expect } from '@jest/globals';
import type { Flow } from './flow.ts';

/** Ends a flow, and holds all that was said in it anywhere to the rule that no secret and nothing personal ever is. */
export async function closeFlow(flow: Flow | undefined): Promise<void> {
  if (flow === undefined) return;
  await flow.close();
  expect(flow.leaks()).toEqual([]);
}
