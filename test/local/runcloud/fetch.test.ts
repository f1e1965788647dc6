import { beforeEach, expect, test } from '@jest/globals';
import { runcloudHosting } from '../../../lib/runcloud/domains.ts';
import type { Hosting } from '../../../lib/sync/ledger/runcloud-ports.ts';
import { readListing } from '../../../lib/sync/network/listing/listing.ts';
import { runcloudFetch } from '../../../local/runcloud/fetch.ts';
import { type RuncloudModel, runcloudModel } from '../../../local/runcloud/model.ts';
import { type ManualClock, manualClock } from '../../doubles/manual-clock.ts';
import { clientOf, failureOf, ids, worldOf } from '../../support/runcloud/runcloud.ts';

let clock: ManualClock;
let model: RuncloudModel;
let hosting: Hosting;

/** A timeout on the clock of the test. */
function timeoutSignal(ms: number): AbortSignal {
  const controller = new AbortController();
  clock.sleep(ms).then(() => controller.abort());
  return controller.signal;
}

beforeEach(() => {
  clock = manualClock();
  model = runcloudModel({ workspaces: worldOf(), clock });
  const options = { fetch: runcloudFetch(model), now: clock.now, timeoutSignal };
  hosting = runcloudHosting(clientOf({ url: 'https://runcloud.invalid' }, options), ids);
});

test('the real client works on the model without a socket', async () => {
  const added = await hosting.add({ name: 'shop.example', www: true });
  expect((await readListing(hosting)).domains).toHaveLength(2);
  model.switches.domainSuccess = 204;
  expect(await hosting.remove(added?.id ?? 0)).toBe('unclear');
});

test('a dropped connection is one that broke', async () => {
  model.arm({ answer: 'drop', does: 'now' });
  const failure = await failureOf(hosting.add({ name: 'shop.example', www: false }));
  expect(failure).toMatchObject({ code: 'runcloud-unavailable', unanswered: true });
  expect((await readListing(hosting)).domains).toHaveLength(2);
});

test('silence ends when the clock says so, with no real time passing', async () => {
  model.arm({ answer: 'silence' });
  const adding = failureOf(hosting.add({ name: 'shop.example', www: false }));
  while (clock.nextDueAt() === undefined) await new Promise((resolve) => setImmediate(resolve));
  await clock.advance(30_000);
  expect(await adding).toMatchObject({ code: 'runcloud-timeout', unanswered: true });
});
