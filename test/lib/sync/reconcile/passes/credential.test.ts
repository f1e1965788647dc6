import { describe, expect, test } from '@jest/globals';
import type { Access } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { DOMAIN, domainItem, MINUTE, NOW } from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { removal, throwing, unauthorized } from './failing-calls.ts';

describe('a credential that RunCloud does not accept', () => {
  const rotating =
    (fresh: Partial<Access>) =>
    ({ fresh: wanted }: { fresh: boolean }) =>
      wanted ? fresh : { credentialFingerprint: 'aaaaaaaaaaaaaaaa' };

  test('is read afresh at once, so that a rotation pauses nothing', async () => {
    let refusals = 1;
    const world = reconcileWorld({
      access: rotating({ credentialFingerprint: 'bbbbbbbbbbbbbbbb' }),
      onCall: async () => {
        if (refusals-- > 0) throw unauthorized();
      },
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.asked).toEqual([{ fresh: false }, { fresh: true }]);
    expect(await world.domain()).toMatchObject({ state: 'present', dueAt: null });
    expect(await world.network()).toMatchObject({ pause: null });
    expect(world.ops()).toHaveLength(2);
  });

  test('is not tried again if it is the same one', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add']);
    expect(await world.domain()).toMatchObject({ state: 'paused', reason: 'runcloud-unauthorized' });
  });

  test('is read once more also where it was fresh: it may have been rotated since', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized) });
    await world.putDomain(removal());
    await world.pass();
    expect(world.asked).toEqual([{ fresh: true }, { fresh: true }]);
    expect(world.ops()).toHaveLength(1);
    expect(await world.domain()).toMatchObject({ state: 'paused' });
  });

  test('that was refused after an answer is not used further: the pass comes back with the new one', async () => {
    let calls = 0;
    const world = reconcileWorld({
      access: rotating({ credentialFingerprint: 'bbbbbbbbbbbbbbbb' }),
      onCall: async () => {
        calls += 1;
        if (calls === 2) throw unauthorized();
      },
    });
    await world.putDomain(domainItem({ native: true }));
    await world.pass();
    expect(world.ops()).toEqual(['page', 'add']);
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0, waitedMs: 0 });
    expect(await world.network()).toMatchObject({ pause: null });
  });

  test('is not waited for where the function ends first: the pass comes back, and counts nothing', async () => {
    const world = reconcileWorld({ onCall: throwing(unauthorized), access: { readAt: NOW } });
    await world.putDomain(domainItem());
    await world.pass(DOMAIN, { withinMs: 2 * MINUTE });
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0 });
    expect(await world.network()).toMatchObject({ pause: null });
  });
});
