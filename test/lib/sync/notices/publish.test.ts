import { describe, expect, test } from '@jest/globals';
import { Unavailable } from '../../../../lib/errors.ts';
import { noticesKey } from '../../../../lib/sync/ledger/keys.ts';
import { DAY_MS, MINUTE_MS } from '../../../../lib/sync/ledger/time.ts';
import type { Mail } from '../../../../lib/sync/notices/mail.ts';
import { publishNotices } from '../../../../lib/sync/notices/publish.ts';
import { type NewNotice, recordNotice } from '../../../../lib/sync/notices/record.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';
import { manualClock } from '../../../doubles/manual-clock.ts';

const NOW = Date.parse('2026-11-28T10:00:00Z');

const failed = (domain: string): NewNotice => ({
  code: 'domain-failed',
  domain,
  message: 'RunCloud refuses the name',
  fix: 'Remove it from the other web application',
  command: `dead-letters retry --domain ${domain}`,
});
const paused: NewNotice = {
  code: 'network-paused',
  message: 'Paused (runcloud-unauthorized): RunCloud refuses the token',
  fix: 'Put a current workspace token into WU_RUNCLOUD_API_TOKEN',
  command: 'doctor',
  lasts: true,
};

function world() {
  const time = manualClock(NOW);
  const ledger = memoryLedger();
  const mails: Mail[] = [];
  const state = { deadLetters: 0, away: false, takesMs: 0 };
  const mailer = {
    publish: async (mail: Mail) => {
      if (state.away) throw new Unavailable('topic');
      await time.advance(state.takesMs);
      mails.push(mail);
    },
    countDeadLetters: async () => state.deadLetters,
    target: '--stage prod --region eu-west-1',
  };
  return {
    time,
    ledger,
    mails,
    state,
    record: (notice: NewNotice, network = 'default') => recordNotice(ledger, network, notice, time.now()),
    sweep: () => publishNotices({ ledger, clock: time, mailer }),
    sweepWith: (other: typeof ledger) => publishNotices({ ledger: other, clock: time, mailer }),
    /** A sweep in each minute of this time. */
    sweepFor: async (ms: number) => {
      for (let passed = 0; passed < ms; passed += MINUTE_MS) {
        await publishNotices({ ledger, clock: time, mailer });
        await time.advance(MINUTE_MS);
      }
    },
  };
}

describe('a mail', () => {
  test('names network, domain, what happened, the fix and the command to run', async () => {
    const { record, sweep, mails } = world();
    await record(failed('shop.acme-bikes.com'));
    await sweep();
    expect(mails).toEqual([
      {
        subject: 'default: shop.acme-bikes.com failed',
        text: `Network default of --stage prod --region eu-west-1

2026-11-28T10:00:00.000Z  shop.acme-bikes.com: failed
RunCloud refuses the name
Fix: Remove it from the other web application
Run: npm run relay -- dead-letters retry --domain shop.acme-bikes.com --network default --stage prod --region eu-west-1
`,
      },
    ]);
  });

  test('of a network whose item is throttled holds up no other network’s', async () => {
    const { ledger, time, record, sweepWith, mails } = world();
    await record(failed('shop.acme-bikes.com'), 'hot');
    await time.advance(MINUTE_MS);
    await record(failed('shop.acme-boats.com'), 'quiet');
    const read: typeof ledger.read = async (key) => {
      if (key.network === 'hot') throw new Unavailable('ledger');
      return ledger.read(key);
    };
    await expect(sweepWith({ ...ledger, read })).rejects.toThrow(Unavailable);
    expect(mails.map(({ subject }) => subject)).toEqual(['quiet: shop.acme-boats.com failed']);
    await sweepWith(ledger);
    expect(mails).toHaveLength(2);
  });

  test('of a network is not kept back by the notices of twenty others that cannot be read', async () => {
    const { ledger, time, record, sweep, mails } = world();
    for (let n = 0; n < 20; n += 1) {
      await record(failed('shop.acme-bikes.com'), `newer-${n}`);
      await ledger.spoil(noticesKey(`newer-${n}`));
    }
    await time.advance(MINUTE_MS);
    await record(failed('shop.acme-boats.com'), 'quiet');
    await sweep();
    expect(mails.map(({ subject }) => subject)).toEqual(['quiet: shop.acme-boats.com failed']);
  });

  test('is not begun once slow mails have taken ten seconds of the sweep', async () => {
    const { record, sweep, mails, state } = world();
    for (let n = 0; n < 6; n += 1) await record(failed('shop.acme-bikes.com'), `network-${n}`);
    state.takesMs = 2_500;
    await sweep();
    expect(mails).toHaveLength(4);
    await sweep();
    expect(new Set(mails.map(({ subject }) => subject)).size).toBe(6);
  });

  test('goes to twenty networks a sweep, and to the others with the next', async () => {
    const { record, sweep, mails } = world();
    for (let n = 0; n < 21; n += 1) await record(failed('shop.acme-bikes.com'), `network-${n}`);
    await sweep();
    expect(mails).toHaveLength(20);
    await sweep();
    expect(mails).toHaveLength(21);
  });

  test('is sent once', async () => {
    const { record, sweep, mails } = world();
    await record(failed('shop.acme-bikes.com'));
    await sweep();
    await sweep();
    expect(mails).toHaveLength(1);
  });

  test('comes at most once in a quarter of an hour, then as a digest', async () => {
    const { record, sweepFor, mails } = world();
    await record(failed('a.example'));
    await sweepFor(MINUTE_MS);
    for (const domain of ['b.example', 'c.example']) await record(failed(domain));
    await record({ code: 'domain-settled', domain: 'd.example', message: 'The web application serves it' });
    await sweepFor(13 * MINUTE_MS);
    expect(mails).toHaveLength(1);
    await sweepFor(3 * MINUTE_MS);
    expect(mails.map(({ subject }) => subject)).toEqual([
      'default: a.example failed',
      'default: 1 settled, 2 failed',
    ]);
  });

  test('of each network is its own', async () => {
    const { record, sweep, mails } = world();
    await record(failed('a.example'));
    await record(failed('b.example'), 'other');
    await sweep();
    expect(mails.map(({ subject }) => subject).toSorted()).toEqual([
      'default: a.example failed',
      'other: b.example failed',
    ]);
  });

  test('has a subject that fits a lock screen and SNS', async () => {
    const { record, sweep, mails } = world();
    await record(failed(`${'long-'.repeat(12)}name.example`));
    await sweep();
    expect(mails[0]?.subject).toMatch(/^[\x20-\x7e]{1,60}$/);
  });

  test('that cannot be sent stays due, and loses nothing that comes meanwhile', async () => {
    const { record, sweep, mails, state } = world();
    await record(failed('a.example'));
    state.away = true;
    await expect(sweep()).rejects.toThrow(Unavailable);
    await record(failed('b.example'));
    state.away = false;
    await sweep();
    expect(mails[0]?.text).toMatch(/a\.example.*b\.example/s);
  });
});

describe('every day', () => {
  test('a paused network is told of again, until it resumes', async () => {
    const { record, sweepFor, mails, time } = world();
    await record(paused);
    await sweepFor(2 * DAY_MS + 2 * MINUTE_MS);
    expect(mails.map(({ subject }) => subject)).toEqual([
      'default: paused',
      'default: still paused',
      'default: still paused',
    ]);
    expect(mails[1]?.text).toContain('Fix: Put a current workspace token');
    await time.advance(MINUTE_MS);
    await record({ code: 'network-resumed', message: 'RunCloud answers again', ends: 'network-paused' });
    await sweepFor(2 * DAY_MS);
    expect(mails).toHaveLength(4);
  });

  test('dead letters that lie unread are told of', async () => {
    const { sweepFor, mails, state } = world();
    state.deadLetters = 3;
    await sweepFor(DAY_MS);
    expect(mails).toMatchObject([
      {
        subject: 'runcloud-relay: dead letters unread',
        text: expect.stringContaining('3 dead letters lie unread'),
      },
    ]);
    state.deadLetters = 0;
    await sweepFor(DAY_MS);
    expect(mails).toHaveLength(1);
  });
});

test('notices of a newer version are mailed by their code', async () => {
  const { ledger, record, sweep, mails } = world();
  await record(failed('a.example'));
  const [item] = ledger.all('notices');
  const [notice] = item?.waiting ?? [];
  if (item === undefined || notice === undefined) throw new Error('nothing was recorded');
  ledger.put(noticesKey('default'), { ...item, waiting: [{ ...notice, code: 'moved-away' }] });
  await sweep();
  expect(mails[0]?.subject).toBe('default: a.example moved-away');
});
