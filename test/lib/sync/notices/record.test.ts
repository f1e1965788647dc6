import { describe, expect, test } from '@jest/globals';
import { Unavailable, UnreadableItem } from '../../../../lib/errors.ts';
import { noticesKey } from '../../../../lib/sync/ledger/keys.ts';
import { DAY_MS, MINUTE_MS } from '../../../../lib/sync/ledger/time.ts';
import { mailOf } from '../../../../lib/sync/notices/mail.ts';
import { type NewNotice, recordNotice, recordRecurring } from '../../../../lib/sync/notices/record.ts';
import { MOST_WAITING, mailAt } from '../../../../lib/sync/notices/schedule.ts';
import { memoryLedger } from '../../../doubles/ledger.ts';

const NOW = Date.parse('2026-11-28T10:00:00Z');

const failed = (domain: string): NewNotice => ({
  code: 'domain-failed',
  domain,
  message: 'RunCloud refuses the name',
  fix: 'Remove it from the other web application',
  command: `status ${domain}`,
});
const settled = (domain: string): NewNotice => ({ code: 'domain-settled', domain, message: 'It is served' });
const refused = (domain: string): NewNotice => ({
  code: 'removal-refused',
  domain,
  message: 'It is protected, and stays',
});
const held = (domain: string): NewNotice => ({ code: 'held-by-name', domain, message: 'They wait' });
const limited: NewNotice = { code: 'removals-limited', message: 'Removals wait' };
const paused: NewNotice = { code: 'network-paused', message: 'RunCloud refuses the token', lasts: true };
const resumed: NewNotice = { code: 'network-resumed', message: 'RunCloud answers', ends: 'network-paused' };

async function recorded(...notices: readonly (readonly [NewNotice, number])[]) {
  const ledger = memoryLedger();
  for (const [notice, at] of notices) await recordNotice(ledger, 'default', notice, at);
  const item = (await ledger.read(noticesKey('default')))?.item;
  if (item === undefined) throw new Error('Nothing was recorded');
  return { ledger, item };
}

describe('a notice', () => {
  test('is kept with all that it says, and mailed at once', async () => {
    const { item, ledger } = await recorded([failed('shop.example'), NOW]);
    expect(item.waiting).toEqual([
      {
        code: 'domain-failed',
        domain: 'shop.example',
        message: 'RunCloud refuses the name',
        fix: 'Remove it from the other web application',
        command: 'status shop.example',
        at: NOW,
      },
    ]);
    expect(await ledger.due('notices', NOW, 9)).toEqual([
      { network: 'default', item: 'notices', sendAt: NOW, dueAt: null },
    ]);
  });

  test('of good news waits a quarter of an hour for more of it', async () => {
    const { item } = await recorded([settled('a.example'), NOW], [settled('b.example'), NOW + MINUTE_MS]);
    expect(item.sendAt).toBe(NOW + 15 * MINUTE_MS);
  });

  test('of bad news takes the good news with it', async () => {
    const { item } = await recorded([settled('a.example'), NOW], [failed('b.example'), NOW + MINUTE_MS]);
    expect(item.sendAt).toBe(NOW + MINUTE_MS);
  });

  const news = (message: string, at: number, about = 'hosting'): NewNotice => ({
    ...settled('a.example'),
    message,
    news: { about, at },
  });

  test('of what became of a domain is not undone by a worker that records older news later', async () => {
    const { item } = await recorded(
      [news('It is served', NOW), NOW],
      [news('It is removed', NOW - MINUTE_MS), NOW + MINUTE_MS],
    );
    expect(item.waiting).toMatchObject([{ message: 'It is served' }]);
  });

  test('of older news is not mailed after the newer', async () => {
    const { ledger, item } = await recorded([news('It is served', NOW), NOW]);
    await ledger.write(noticesKey('default'), { ...item, waiting: [] }, 1);
    await recordNotice(ledger, 'default', news('It is removed', NOW - MINUTE_MS), NOW + MINUTE_MS);
    expect((await ledger.read(noticesKey('default')))?.item.waiting).toEqual([]);
  });

  test.each([
    ['of the same moment', news('It is removed', NOW)],
    ['of another subject', news('It is removed', NOW - MINUTE_MS, 'certificate')],
    ['of later', news('It is removed', NOW + MINUTE_MS)],
  ])('%s replaces the words that wait', async (_title, next) => {
    const { item } = await recorded([news('It is served', NOW), NOW], [next, NOW + MINUTE_MS]);
    expect(item.waiting).toMatchObject([{ message: 'It is removed' }]);
  });

  test('of many domains makes the network forget no condition that it was told', async () => {
    const burst = Array.from({ length: MOST_WAITING + 1 }, (_, n): readonly [NewNotice, number] => [
      { ...settled(`${n}.example`), news: { about: 'hosting', at: NOW } },
      NOW,
    ]);
    const { item } = await recorded([limited, NOW], ...burst);
    expect(item.told).toHaveLength(MOST_WAITING + 1);
    expect(item.told[0]).toEqual({ name: 'removals-limited', at: NOW });
  });

  test('that comes again before its mail is one line, with the newest words', async () => {
    const again = { ...failed('a.example'), message: 'RunCloud does not answer' };
    const { item } = await recorded([failed('a.example'), NOW], [again, NOW + MINUTE_MS]);
    expect(item.waiting).toMatchObject([{ message: 'RunCloud does not answer', at: NOW }]);
  });

  test('is shortened where it quotes too much', async () => {
    const { item } = await recorded([{ ...limited, message: 'x'.repeat(5_000) }, NOW]);
    expect(item.waiting[0]?.message).toHaveLength(400);
  });

  test('of a network whose item cannot be read is left to whoever has it, so that it is told later', async () => {
    const { ledger } = await recorded([limited, NOW]);
    await ledger.spoil(noticesKey('default'));
    await expect(recordNotice(ledger, 'default', paused, NOW)).rejects.toThrow(UnreadableItem);
  });

  test.each([
    ['read', () => Promise.reject(new UnreadableItem(noticesKey('default'), ['told']))],
    ['reached', () => Promise.reject(new Unavailable('ledger'))],
  ])('that is told again holds up nothing where the item cannot be %s', async (_why, read) => {
    const { ledger } = await recorded([limited, NOW]);
    await expect(recordRecurring({ ...ledger, read }, 'default', paused, NOW)).resolves.toBeUndefined();
  });
});

describe('many notices', () => {
  test('are counted beyond those that a mail names', async () => {
    const domains = Array.from(
      { length: MOST_WAITING + 3 },
      (_, n) => [failed(`${n}.example`), NOW] as const,
    );
    const { item } = await recorded(...domains);
    expect(item.waiting).toHaveLength(MOST_WAITING);
    expect(item.more).toBe(3);
  });

  const full = (notice: (domain: string) => NewNotice) =>
    Array.from({ length: MOST_WAITING }, (_, n) => [notice(`${n}.example`), NOW] as const);

  test('of successes give way to what went wrong, which hurries the mail', async () => {
    const later = NOW + MINUTE_MS;
    const { item } = await recorded(...full(settled), [refused('a.example'), later], [limited, later]);
    expect(item.waiting).toHaveLength(MOST_WAITING);
    expect(item.waiting.slice(-3).map(({ code }) => code)).toEqual([
      'domain-settled',
      'removal-refused',
      'removals-limited',
    ]);
    expect(item).toMatchObject({ more: 2, sendAt: later });
  });

  test('of successes leave what went wrong where it is', async () => {
    const { item } = await recorded(...full(failed), [settled('a.example'), NOW]);
    expect(item.waiting.map(({ code }) => code)).not.toContain('domain-settled');
    expect(item).toMatchObject({ more: 1, sendAt: NOW });
  });

  test('of single domains give way to what concerns the whole network', async () => {
    const { item } = await recorded(...full(failed), [paused, NOW]);
    expect(item.waiting.map(({ code }) => code)).toContain('network-paused');
    expect(item).toMatchObject({ more: 1, waiting: { length: MOST_WAITING } });
  });

  test('keep the refused removals, which nothing else tells of', async () => {
    const { item } = await recorded(...full(failed), [refused('a.example'), NOW], [limited, NOW]);
    expect(item.waiting.map(({ code }) => code).slice(-2)).toEqual(['removal-refused', 'removals-limited']);
  });

  test('have no room for one more refused removal, which is told in the next mail', async () => {
    const { ledger, item } = await recorded(...full(refused));
    await expect(recordNotice(ledger, 'default', refused('a.example'), NOW)).rejects.toThrow(Unavailable);
    expect((await ledger.read(noticesKey('default')))?.item).toEqual(item);
    await recordNotice(ledger, 'default', { ...refused('0.example'), message: 'It is primary' }, NOW);
    expect((await ledger.read(noticesKey('default')))?.item.waiting[0]).toMatchObject({
      message: 'It is primary',
    });
  });

  test('do not make the network take a condition for told that has found no room', async () => {
    const { item } = await recorded(...full(failed), [held('a.example'), NOW]);
    expect(item).toMatchObject({ more: 1, told: [], sendAt: NOW });
  });

  test('do not make the network take a condition for told that has given way', async () => {
    const { item } = await recorded(...full(held), [paused, NOW], [refused('a.example'), NOW]);
    expect(item.told).toHaveLength(MOST_WAITING - 2);
    expect(item.more).toBe(2);
  });

  test('that are only counted are mailed too', async () => {
    const { item } = await recorded(...full(failed), [failed('a.example'), NOW]);
    const mailed = { ...item, waiting: [], mailedAt: NOW };
    expect(mailAt(mailed, NOW)).toBe(NOW + 15 * MINUTE_MS);
    expect(mailAt({ ...mailed, more: 0 }, NOW)).toBeNull();
    expect(mailOf(mailed, '--stage prod')).toMatchObject({
      subject: 'default: 1 more',
      text: expect.stringContaining('And 1 more: npm run relay -- list --network default --stage prod'),
    });
  });

  test('wait until a quarter of an hour after the last mail', async () => {
    const { ledger, item } = await recorded([failed('a.example'), NOW]);
    ledger.put(noticesKey('default'), { ...item, waiting: [], mailedAt: NOW, sendAt: null });
    await recordNotice(ledger, 'default', failed('b.example'), NOW + MINUTE_MS);
    expect((await ledger.read(noticesKey('default')))?.item.sendAt).toBe(NOW + 15 * MINUTE_MS);
  });
});

describe('a condition that pass after pass meets', () => {
  test('is told once a day, and costs no write in between', async () => {
    const { ledger, item } = await recorded([limited, NOW]);
    ledger.put(noticesKey('default'), { ...item, waiting: [], mailedAt: NOW, sendAt: null });
    const before = await ledger.read(noticesKey('default'));
    await recordNotice(ledger, 'default', limited, NOW + DAY_MS - 1);
    expect(await ledger.read(noticesKey('default'))).toEqual(before);
    await recordNotice(ledger, 'default', limited, NOW + DAY_MS);
    expect((await ledger.read(noticesKey('default')))?.item.waiting).toHaveLength(1);
  });

  test('of one domain does not hide the same of another', async () => {
    const { item } = await recorded(
      [{ ...limited, code: 'held-by-name', domain: 'a.example' }, NOW],
      [{ ...limited, code: 'held-by-name', domain: 'b.example' }, NOW],
    );
    expect(item.waiting.map(({ domain }) => domain)).toEqual(['a.example', 'b.example']);
  });
});

describe('what lasts', () => {
  test('is mailed again a day after the last mail', async () => {
    const { item } = await recorded([paused, NOW]);
    const mailed = { ...item, waiting: [], mailedAt: NOW + MINUTE_MS };
    expect(mailAt(mailed, NOW + MINUTE_MS)).toBe(NOW + MINUTE_MS + DAY_MS);
  });

  test('ends with the notice that ends it', async () => {
    const { item } = await recorded([paused, NOW], [resumed, NOW + MINUTE_MS]);
    expect(item.lasting).toEqual([]);
    expect(item.waiting.map(({ code }) => code)).toEqual(['network-paused', 'network-resumed']);
  });
});
