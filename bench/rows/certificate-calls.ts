import { certificateWorld } from '../../test/support/certificates/certificate-world.ts';
import { MINUTE } from '../../test/support/sync/items.ts';
import type { Measure } from '../row.ts';

const ROWS = 1_000;

/** How many pages of RunCloud's list a domain costs that no certificate of the application can hold any more. */
export const measure: Measure = async () => {
  const world = certificateWorld();
  for (let n = 0; n < ROWS; n += 1) await world.hosting.add({ name: `site-${n}.example`, www: false });
  await world.arrive();
  await world.live(5 * MINUTE);
  const { state, reason } = await world.request();
  if (state !== 'failed' || reason !== 'name-limit') throw new Error(`The certificate is ${state}`);
  const pages = world.hostingCalls.filter(({ op }) => op === 'page').length;
  return [
    {
      measure: "calls for RunCloud's list until basic SSL of 1,000 names is refused",
      value: pages,
      goal: 1,
      unit: 'count',
    },
  ];
};
