import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import type { OwedOutcome } from '../../../../lib/sync/ledger/items/work-item.ts';
import { noticesKey, outcomeKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Queue } from '../../../../lib/sync/ledger/ports.ts';
import { tellMultisite, tellPause } from '../../../../lib/sync/outcomes/tell.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';
import { memoryQueue } from '../../../doubles/queue.ts';
import { DOMAIN, delays, NETWORK, NOW, SECOND } from '../../../support/sync/items.ts';

const ID = 'msg_pass-1';
const owed: OwedOutcome = {
  kind: 'outcome',
  id: ID,
  about: 'hosting',
  type: 'domain.settled',
  state: 'present',
  reason: null,
  message: null,
  fix: null,
  inReplyTo: 'msg_1',
  at: NOW,
  toMultisite: true,
};

function tellWorld(send?: Queue['send']) {
  const clock = manualClock(NOW);
  const ledger = memoryLedger();
  const queue = memoryQueue({ clock });
  const outcomeQueue = { send: send ?? queue.send };
  const services = { ledger, outcomeQueue, clock, delays, successNotices: true };
  const tell = () => tellMultisite({ network: NETWORK, domain: DOMAIN }, owed, services);
  const stored = async (id = ID) => (await ledger.read(outcomeKey(NETWORK, id)))?.item;
  return { clock, ledger, queue, services, tell, stored };
}

describe('an outcome that is handed on', () => {
  test('is scheduled in the ledger, a little after its own message', async () => {
    const { tell, stored, queue } = tellWorld();
    await tell();
    expect(await stored()).toMatchObject({ state: 'open', dueAt: NOW, sendAt: NOW + delays.apiMarginMs });
    expect(queue.sent).toEqual([{ message: { network: NETWORK, outcome: ID }, delaySeconds: 0 }]);
  });

  test('twice keeps the schedule that it has', async () => {
    const { tell, stored, clock } = tellWorld();
    await tell();
    const first = await stored();
    await clock.advance(SECOND);
    await tell();
    expect(await stored()).toEqual(first);
  });

  test('waits for the sweep where the queue is away, and hides no bug', async () => {
    const away = tellWorld(async () => {
      throw new Unavailable('queue');
    });
    await away.tell();
    expect(await away.stored()).toMatchObject({ state: 'open' });
    const buggy = tellWorld(async () => {
      throw new TypeError('a bug');
    });
    await expect(buggy.tell()).rejects.toThrow('a bug');
  });

  test('of a pause has one name for each moment, however often it is handed on', async () => {
    const { services, ledger } = tellWorld();
    const paused = {
      type: 'network.paused',
      at: NOW,
      code: 'runcloud-unauthorized',
      message: 'RunCloud refuses the token',
      since: '2026-11-21T05:00:00.000Z',
    } as const;
    for (const moment of [paused, paused, { ...paused, type: 'network.resumed' as const }]) {
      await tellPause(NETWORK, moment, services);
    }
    expect(ledger.all('outcome').map(({ id }) => id)).toEqual([
      `msg_${NETWORK}-paused-${NOW}`,
      `msg_${NETWORK}-resumed-${NOW}`,
    ]);
  });

  test('of a pause does not wait for the notices, and the notice is told once they can be read', async () => {
    const { services, ledger } = tellWorld();
    const resumed = {
      type: 'network.resumed',
      at: NOW,
      code: 'runcloud-unauthorized',
      message: 'RunCloud refuses the token',
      since: '2026-11-21T05:00:00.000Z',
    } as const;
    await tellPause(NETWORK, { ...resumed, type: 'network.paused' }, services);
    await ledger.spoil(noticesKey(NETWORK));
    await expect(tellPause(NETWORK, resumed, services)).rejects.toThrow(UnreadableItem);
    expect(ledger.all('outcome').map(({ id }) => id)).toContain(`msg_${NETWORK}-resumed-${NOW}`);
    ledger.restore(noticesKey(NETWORK));
    await tellPause(NETWORK, resumed, services);
    expect(ledger.all('notices')).toMatchObject([
      { waiting: [{ code: 'network-paused' }, { code: 'network-resumed' }] },
    ]);
  });
});
