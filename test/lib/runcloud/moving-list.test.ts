import { afterEach, describe, expect, test } from '@jest/globals';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import { readListing } from '../../../lib/sync/network/listing/listing.ts';
import { converge } from '../../../lib/sync/reconcile/converge/converge.ts';
import type { RunningRuncloud } from '../../../local/runcloud/server.ts';
import { app, clientOf, ids, primary, runcloudWorld } from '../../support/runcloud/runcloud.ts';
import { goal } from '../../support/sync/goal.ts';
import { DOMAIN } from '../../support/sync/items.ts';

let runcloud: RunningRuncloud;

/** Two pages of RunCloud's list, over HTTP. The domain is the first row of the second. */
async function twoPages() {
  const others = Array.from({ length: 44 }, (_, index) => ({ name: `site-${index}.example` }));
  const domains = [primary, ...others.slice(0, 39), { name: DOMAIN }, ...others.slice(39)];
  runcloud = await runcloudWorld({ app: { domains } });
  return runcloud.app(app).domains;
}

/** A removal of a name without a known id; `onCall` receives the number of each call before it is made. */
async function remove(onCall: (call: number) => void) {
  let calls = 0;
  const guard = {
    before: async () => {
      calls += 1;
      onCall(calls);
    },
    after: async () => undefined,
  };
  const hosting = runcloudHosting(clientOf(runcloud, { guard }), ids);
  const outcome = await converge(goal({ wanted: 'absent', protectedDomains: [] }), {
    hosting: {
      ...hosting,
      list: async () => ({ ...(await readListing(hosting)), begunAt: 0, doneAt: 0, resumed: false }),
      remove: ({ id }) => hosting.remove(id),
    },
    saidOfWrite: () => undefined,
    beforeWrite: () => undefined,
    keptListing: async () => undefined,
    wasConfirmed: async () => undefined,
  });
  return { outcome, calls };
}

function isHosted() {
  return runcloud.app(app).domains.some(({ name }) => name === DOMAIN);
}

describe('a removal from a list of two pages', () => {
  afterEach(() => runcloud.close());

  test('finds the row that slipped to a page that had been read, when one row goes and another comes', async () => {
    const domains = await twoPages();
    const { outcome } = await remove((call) => {
      if (call !== 2) return;
      domains.splice(1, 1);
      runcloud.addInPanel(app, { name: 'new.example' });
    });
    // The row of the domain has slipped to the first page, which is read again at the end.
    expect(outcome).toMatchObject({ kind: 'settled', target: { state: 'absent' } });
    expect(isHosted()).toBe(false);
  });

  test('costs one list, also where the name is missing', async () => {
    const domains = await twoPages();
    expect((await remove(() => undefined)).calls).toBe(4);
    expect(isHosted()).toBe(false);
    expect(domains).toHaveLength(45);
    expect(await remove(() => undefined)).toMatchObject({
      outcome: { kind: 'settled', target: { state: 'absent' } },
      calls: 3,
    });
  });
});
