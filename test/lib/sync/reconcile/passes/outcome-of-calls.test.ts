import { describe, expect, test } from '@jest/globals';
import { RuncloudTimeout } from '../../../../../lib/runcloud/errors.ts';
import { noticesKey, rateLimitKey } from '../../../../../lib/sync/ledger/keys.ts';
import { freshRateLimit } from '../../../../../lib/sync/network/limits/slots.ts';
import {
  APP,
  DOMAIN,
  domainItem,
  MINUTE,
  NETWORK,
  NOW,
  networkItem,
  row,
  SECOND,
  settledItem,
} from '../../../../support/sync/items.ts';
import { reconcileWorld } from '../../../../support/sync/reconcile-world.ts';
import { madeCall, pausedNetwork, removal, throwing, unauthorized } from './failing-calls.ts';

const FINGERPRINT = 'f00dfeedf00dfeed';
const WWW = `www.${DOMAIN}`;
const place = { fingerprint: FINGERPRINT, at: NOW, movedMs: 0 };

function lost() {
  return new RuncloudTimeout('No answer', { ...madeCall, unanswered: true });
}

describe('the place in line', () => {
  test('is left by a pass that has made a call, whatever came of it', async () => {
    const world = reconcileWorld({ onCall: throwing(lost) });
    await world.putDomain(domainItem({ place }));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 1, place: null });
  });

  test('is kept by a pass that is held before its first call', async () => {
    const world = reconcileWorld({ access: { additionsPerHour: 1 } });
    const additions = [{ minute: Math.floor(NOW / MINUTE) - 10, count: 1 }];
    await world.putNetwork(networkItem({ additions }));
    await world.putDomain(domainItem({ native: true, place, reason: 'additions-limited' }));
    await world.pass();
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({ reason: 'additions-limited', place });
  });

  test.each([
    ['an addition', domainItem(), 1],
    ['a removal by its id, which reads the row first', removal(), 2],
    ['a removal by its name', domainItem({ wanted: 'absent' }), 1],
    ['a removal while a write may still land', { ...removal(), ambiguousUntil: NOW + MINUTE }, 1],
  ])('has room for the calls of %s', async (_what, item, calls) => {
    const world = reconcileWorld({ rows: [row()] });
    await world.put(rateLimitKey(FINGERPRINT), { ...freshRateLimit, nextFreeAt: NOW + 40 * SECOND });
    await world.putDomain(item);
    await world.pass();
    expect((await world.get(rateLimitKey(FINGERPRINT))).lines).toMatchObject([{ network: NETWORK, calls }]);
  });
});

describe('what a pass says of its network', () => {
  test('an answer that forbids for good ends a pause too', async () => {
    const world = reconcileWorld({ rows: [row()] });
    await world.putDomain({ ...removal(), announced: false });
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'failed', lastError: { code: 'not-announced' } });
    expect((await world.network()).pause).toBeNull();
  });

  test('a read that is answered ends none while the write after it is not', async () => {
    const world = reconcileWorld({ onCall: throwing(lost, 'add') });
    await world.putDomain(domainItem({ native: true }));
    await world.putNetwork(pausedNetwork(NOW));
    await world.pass();
    expect(world.ops()).toEqual(['page', 'add']);
    expect((await world.network()).pause).not.toBeNull();
  });

  test('one that needed no call says nothing about a suspicion', async () => {
    const world = reconcileWorld({ rows: [row(), row({ id: 6, name: 'second.example' })] });
    const reading = networkItem({ readsFirst: true });
    await world.putNetwork(reading);
    await world.putDomain(domainItem());
    await world.pass();
    const suspicion = { code: 'runcloud-forbidden', domain: 'third.example' } as const;
    await world.putNetwork({ ...(await world.network()), suspicion });
    await world.putDomain(domainItem({ domain: 'second.example' }));
    await world.pass('second.example');
    expect(world.ops()).toEqual(['page']);
    expect(await world.domain('second.example')).toMatchObject({ state: 'present' });
    expect((await world.network()).suspicion).toEqual(suspicion);
  });
});

describe('a credential', () => {
  test('is tried anew a few times in one pass, and then in the next one', async () => {
    let secrets = 0;
    const world = reconcileWorld({
      access: () => {
        secrets += 1;
        return { credentialFingerprint: String(secrets).padStart(16, '0') };
      },
      onCall: throwing(unauthorized),
    });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ops()).toEqual(['add', 'add', 'add']);
    expect(await world.domain()).toMatchObject({ state: 'pending', attempts: 0 });
    expect((await world.network()).pause).toBeNull();
  });

  test('is read anew for no other failure than its refusal', async () => {
    const world = reconcileWorld({ onCall: throwing(lost) });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.asked).toEqual([{ fresh: false }]);
  });

  test('is known to the passes after it, which read its limit with their network', async () => {
    const world = reconcileWorld();
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.services.credentials.of(NETWORK)).toBe(FINGERPRINT);
  });
});

describe('a limit that has held a domain before', () => {
  const minute = Math.floor(NOW / MINUTE) - 10;

  test('keeps a name from being read that would be added', async () => {
    const world = reconcileWorld({ access: { additionsPerHour: 1 } });
    await world.putNetwork(networkItem({ additions: [{ minute, count: 1 }] }));
    await world.putDomain(domainItem({ native: true, reason: 'additions-limited' }));
    await world.pass();
    expect(world.ops()).toEqual([]);
  });

  test('keeps a name from being read that would be parked', async () => {
    const world = reconcileWorld({
      rows: [row()],
      access: { removalsPerHour: 1 },
      services: { askWww: async () => 'elsewhere' },
    });
    await world.putNetwork(networkItem({ removals: [{ minute, count: 1 }] }));
    const parking = { reason: 'dns-mismatch', at: NOW } as const;
    const held = { addedId: 5, parking, reason: 'removals-limited', dueAt: NOW, sendAt: NOW };
    await world.putDomain(settledItem(held));
    await world.pass();
    expect(world.ops()).toEqual([]);
    expect(await world.domain()).toMatchObject({ state: 'present', reason: 'removals-limited' });
  });
});

describe('what follows from a pass', () => {
  test('a removal that is never followed is noticed, and asks for no certificate', async () => {
    const world = reconcileWorld({ rows: [row({ type: 'primary' })] });
    await world.putDomain(removal());
    await world.pass();
    expect(await world.domain()).toMatchObject({ state: 'present', reason: 'primary-domain' });
    expect((await world.get(noticesKey(NETWORK))).waiting).toContainEqual(
      expect.objectContaining({ code: 'removal-refused', domain: DOMAIN }),
    );
    expect(world.certificateQueue.sent).toEqual([]);
    expect(world.ledger.all('certificate')).toEqual([]);
  });

  test('a failure asks for no certificate', async () => {
    const world = reconcileWorld({ onCall: throwing(lost) });
    await world.putDomain(domainItem());
    await world.pass();
    expect(world.ledger.all('certificate')).toEqual([]);
    expect(world.certificateQueue.sent).toEqual([]);
  });

  test('an update whose answer is lost may have served the www., which looks again', async () => {
    const world = reconcileWorld({ rows: [row()], onDone: throwing(lost, 'update') });
    const known = { runcloudId: { id: 5, ...APP }, www: true, dueAt: NOW, sendAt: NOW };
    await world.putDomain(settledItem(known));
    await world.putDomain(settledItem({ domain: WWW, runcloudId: null }));
    await world.pass();
    expect(world.ops()).toContain('update');
    expect(await world.domain(WWW)).toMatchObject({ dueAt: world.time.now() });
  });

  test('a read whose answer is lost leaves the www. alone', async () => {
    const world = reconcileWorld({ rows: [row()], onCall: throwing(lost) });
    await world.putDomain(settledItem({ dueAt: NOW, sendAt: NOW }));
    await world.putDomain(settledItem({ domain: WWW, runcloudId: null }));
    await world.pass();
    expect(world.ops()).toEqual(['find']);
    expect(await world.domain(WWW)).toMatchObject({ dueAt: null });
  });
});

test('a listing of several pages that a pass has read shows the passes after it that a name is missing', async () => {
  const rows = Array.from({ length: 41 }, (_, id) => row({ id: id + 10, name: `site-${id}.example` }));
  const world = reconcileWorld({ rows });
  const missing = { wanted: 'absent', state: 'removing', recordedAt: NOW - MINUTE } as const;
  await world.putDomain(domainItem(missing));
  await world.putDomain(domainItem({ ...missing, domain: 'second.example' }));
  await world.pass();
  const read = world.ops().length;
  expect(await world.domain()).toMatchObject({ state: 'absent', dueAt: null });
  await world.pass('second.example');
  expect(world.ops()).toHaveLength(read);
  expect(await world.domain('second.example')).toMatchObject({ state: 'absent', dueAt: null });
});
