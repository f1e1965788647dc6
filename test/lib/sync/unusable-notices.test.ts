import { expect, test } from '@jest/globals';
import { Unavailable } from '../../../lib/errors.ts';
import { noticesKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { runNetworkWork } from '../../../lib/sync/network-work/run.ts';
import { freshNotices } from '../../../lib/sync/notices/record.ts';
import { MOST_WAITING } from '../../../lib/sync/notices/schedule.ts';
import { APP, DOMAIN, domainItem, MINUTE, NETWORK, NOW, networkItem, row } from '../../support/sync/items.ts';
import { reconcileWorld } from '../../support/sync/reconcile-world.ts';

const key = noticesKey(NETWORK);
const notices = freshNotices(NETWORK);

function throttled(ledger: Ledger): Ledger {
  return {
    ...ledger,
    read: (asked) =>
      asked.kind === 'notices' ? Promise.reject(new Unavailable('ledger')) : ledger.read(asked),
  };
}

test('a comparison is finished while DynamoDB throttles the notices', async () => {
  const world = reconcileWorld({ rows: [row({ name: 'unknown.example' })] });
  await world.putNetwork(
    networkItem({
      claim: { ...APP, renewedAt: NOW, readAt: NOW },
      comparison: { dueAt: NOW, begunAt: null },
      dueAt: NOW,
      sendAt: NOW,
    }),
  );
  await runNetworkWork(NETWORK, NOW + 5 * MINUTE, { ...world.services, ledger: throttled(world.ledger) });
  const { drift, comparison, owner } = await world.network();
  expect({ drift, owner }).toMatchObject({ drift: { unknown: { names: ['unknown.example'] } }, owner: null });
  expect(comparison?.dueAt).toBeGreaterThan(NOW + 60 * MINUTE);
});

test('a removal that is never followed stays open until its notice can be recorded', async () => {
  const world = reconcileWorld({ rows: [row({ name: 'network.example' })] });
  const name = 'network.example';
  await world.putDomain(domainItem({ domain: name, wanted: 'absent', state: 'removing', announced: true }));
  world.ledger.put(key, notices);
  await world.ledger.spoil(key);
  await world.pass(name);
  const held = await world.domain(name);
  expect(held).toMatchObject({ state: 'removing', owner: null, crashes: 0 });
  expect(held.dueAt).toBeGreaterThan(NOW);
  world.ledger.restore(key);
  await world.time.advance((held.dueAt ?? 0) - NOW);
  await world.pass(name);
  expect(await world.domain(name)).toMatchObject({
    state: 'present',
    reason: 'protected-domain',
    dueAt: null,
  });
  expect(world.ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'removal-refused' }] }]);
});

test('a removal that is never followed stays open until its notice has room in a mail', async () => {
  const name = 'network.example';
  const world = reconcileWorld({ rows: [row({ name })] });
  await world.putDomain(domainItem({ domain: name, wanted: 'absent', state: 'removing', announced: true }));
  const waiting = Array.from({ length: MOST_WAITING }, (_, n) => ({
    code: 'removal-refused',
    domain: `${n}.example`,
    message: 'It is protected, and stays',
    fix: null,
    command: null,
    at: NOW,
  }));
  world.ledger.put(key, { ...notices, waiting, sendAt: NOW });
  await world.pass(name);
  const held = await world.domain(name);
  expect(held).toMatchObject({ state: 'removing', owner: null, crashes: 0 });
  expect(held.dueAt).not.toBeNull();
  world.ledger.put(key, notices);
  await world.time.advance(Math.max(0, (held.dueAt ?? 0) - NOW));
  await world.pass(name);
  expect(await world.domain(name)).toMatchObject({ state: 'present', reason: 'protected-domain' });
  expect(world.ledger.all('notices')).toMatchObject([{ waiting: [{ code: 'removal-refused' }] }]);
});

test('a new domain asks for its certificate while DynamoDB throttles the notices', async () => {
  const world = reconcileWorld();
  await world.putDomain(domainItem({}));
  await world.passWith({ ...world.services, ledger: throttled(world.ledger) });
  expect(await world.domain()).toMatchObject({ state: 'present', toSend: [{ kind: 'outcome' }] });
  expect(world.certificateQueue.sent).toHaveLength(1);
  expect(world.ledger.all('outcome')).toHaveLength(1);
  await world.pass();
  expect(await world.domain()).toMatchObject({ toSend: [], sendAt: null });
  expect(world.ledger.all('notices')).toMatchObject([
    { waiting: [{ code: 'domain-settled', domain: DOMAIN }] },
  ]);
});
