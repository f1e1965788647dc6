import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import type { PauseMoment } from '../../../../lib/sync/ledger/items/outcome-item.ts';
import type { OwedOutcome } from '../../../../lib/sync/ledger/items/work-item.ts';
import { noticesKey, outcomeKey } from '../../../../lib/sync/ledger/keys.ts';
import type { Queue } from '../../../../lib/sync/ledger/ports.ts';
import { recordNotice } from '../../../../lib/sync/notices/record.ts';
import { MOST_WAITING } from '../../../../lib/sync/notices/schedule.ts';
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

  describe('of a pause', () => {
    const paused = {
      type: 'network.paused',
      at: NOW,
      code: 'runcloud-unauthorized',
      message: 'RunCloud refuses the token',
      since: '2026-11-21T05:00:00.000Z',
    } as const;
    const resumed = { ...paused, type: 'network.resumed', at: NOW + SECOND } as const;
    const again = { ...paused, at: NOW + 2 * SECOND } as const;

    async function told(...moments: readonly PauseMoment[]) {
      const { services, ledger } = tellWorld();
      for (const moment of moments) await tellPause(NETWORK, moment, services);
      const item = (await ledger.read(noticesKey(NETWORK)))?.item;
      return { ledger, lasting: item?.lasting.map(({ code }) => code), waiting: item?.waiting };
    }

    test('has one name for each moment, however often it is handed on', async () => {
      const { ledger } = await told(paused, paused, { ...resumed, at: NOW });
      expect(ledger.all('outcome').map(({ id }) => id)).toEqual([
        `msg_${NETWORK}-paused-${NOW}`,
        `msg_${NETWORK}-resumed-${NOW}`,
      ]);
    });

    test('that has ended begins nothing that lasts, where it is told last', async () => {
      const { lasting, waiting, ledger } = await told(resumed, paused);
      expect(lasting).toEqual([]);
      expect(waiting).toMatchObject([{ code: 'network-resumed' }]);
      expect(ledger.all('outcome')).toHaveLength(2);
    });

    test('goes on being told every day, where the end of an earlier one is told last', async () => {
      expect((await told(paused, again, resumed)).lasting).toEqual(['network-paused']);
    });

    test('keeps its latest cause, where an earlier one is told last', async () => {
      const { ledger } = await told({ ...again, message: 'It is forbidden' }, paused);
      expect(ledger.all('notices')).toMatchObject([
        { lasting: [{ message: 'Paused (runcloud-unauthorized): It is forbidden' }] },
      ]);
    });

    test('is remembered through a burst of news of domains', async () => {
      const { services, ledger } = tellWorld();
      await tellPause(NETWORK, resumed, services);
      for (let n = 0; n <= MOST_WAITING; n += 1) {
        const news = { about: 'hosting', at: NOW + SECOND };
        const notice = {
          code: 'domain-settled',
          domain: `${n}.example`,
          message: 'It is served',
          news,
        } as const;
        await recordNotice(ledger, NETWORK, notice, NOW + SECOND);
      }
      await tellPause(NETWORK, paused, services);
      expect(ledger.all('notices')).toMatchObject([{ lasting: [] }]);
    });

    test('is not mailed again because its outcome is still to be handed on', async () => {
      const { services, ledger } = tellWorld();
      const write: typeof ledger.write = (key, item, writes) =>
        key.kind === 'outcome' ? Promise.reject(new Unavailable('ledger')) : ledger.write(key, item, writes);
      const hot = { ...services, ledger: { ...ledger, write } };
      await expect(tellPause(NETWORK, paused, hot)).rejects.toThrow(Unavailable);
      const first = await ledger.read(noticesKey(NETWORK));
      await expect(tellPause(NETWORK, paused, hot)).rejects.toThrow(Unavailable);
      expect(await ledger.read(noticesKey(NETWORK))).toEqual(first);
    });
  });

  test('of a pause does not wait for the notices, and the notice is told once they can be read', async () => {
    const { services, ledger } = tellWorld();
    const resumed = {
      type: 'network.resumed',
      at: NOW + SECOND,
      code: 'runcloud-unauthorized',
      message: 'RunCloud refuses the token',
      since: '2026-11-21T05:00:00.000Z',
    } as const;
    await tellPause(NETWORK, { ...resumed, type: 'network.paused', at: NOW }, services);
    await ledger.spoil(noticesKey(NETWORK));
    await expect(tellPause(NETWORK, resumed, services)).rejects.toThrow(UnreadableItem);
    expect(ledger.all('outcome').map(({ id }) => id)).toContain(`msg_${NETWORK}-resumed-${NOW + SECOND}`);
    ledger.restore(noticesKey(NETWORK));
    await tellPause(NETWORK, resumed, services);
    expect(ledger.all('notices')).toMatchObject([
      { waiting: [{ code: 'network-paused' }, { code: 'network-resumed' }] },
    ]);
  });
});
