import { describe, expect, test } from '@jest/globals';
import type { DomainItem } from '../../../../lib/sync/ledger/items/domain-item.ts';
import { networkKey } from '../../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../../lib/sync/ledger/updates/update.ts';
import { recordOutcome } from '../../../../lib/sync/network/pass-record.ts';
import { runNetworkWork } from '../../../../lib/sync/network-work/run.ts';
import { delays, domainItem, MINUTE, NETWORK, NOW, networkItem } from '../../../support/sync/items.ts';
import { reconcileWorld } from '../../../support/sync/reconcile-world.ts';

const pause = {
  code: 'runcloud-unauthorized' as const,
  message: 'The token is not accepted',
  since: '2026-11-21T00:00:00.000Z',
  probeAt: NOW + delays.probeMs,
};

/** Another worker's call was answered: it lifts the pause, and the walk over the domains follows. */
async function resume({ services }: ReturnType<typeof reconcileWorld>): Promise<void> {
  const record = {
    network: NETWORK,
    domain: 'other.example',
    app: undefined,
    callOutcome: { kind: 'answered' as const },
    calls: { made: 1, answered: 1 },
    announcedAgain: false,
    added: false,
    duplicated: false,
    now: NOW,
    probeMs: delays.probeMs,
  };
  await updateItem(services.ledger, networkKey(NETWORK), recordOutcome(record));
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, services);
}

/** A pass has met the pause, and is about to settle when the network resumes. */
async function pausedPass(item: DomainItem) {
  const world = reconcileWorld();
  await world.putNetwork(networkItem({ pause }));
  await world.putDomain(item);
  const { ledger } = world;
  let resumed = false;
  const slow: typeof ledger = {
    ...ledger,
    write: async (key, written, writes) => {
      if (!resumed && written !== undefined && 'state' in written && written.state === 'paused') {
        resumed = true;
        await resume(world);
      }
      return ledger.write(key, written, writes);
    },
  };
  await world.passWith({ ...world.services, ledger: slow });
  return { world, resumed };
}

describe('a pass that settles just after its network resumes', () => {
  test('has another pass at once, and does not wait for the next probe', async () => {
    const { world, resumed } = await pausedPass(domainItem());
    expect(resumed).toBe(true);
    expect(world.reports.map(({ settled }) => settled.kind)).toEqual(['again', 'done']);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
  });

  test('leaves a domain that was paused before due when the walk says', async () => {
    const { world, resumed } = await pausedPass(domainItem({ state: 'paused', reason: pause.code }));
    expect(resumed).toBe(true);
    expect(await world.domain()).toMatchObject({ dueAt: NOW + 0.5 * delays.apiMarginMs });
  });
});
