import { expect } from '@jest/globals';
import { ping } from '../../../../lib/runcloud/server.ts';
import { readListing } from '../../../../lib/sync/network/listing/listing.ts';
import type { Switches } from '../../../../local/runcloud/state/switches.ts';
import { clientOf, failureOf } from '../../../support/runcloud/runcloud.ts';
import { add, addInPanel, clock, hosting, type Rules, runcloud, turn } from './switch-world.ts';

/** What a client meets of errors, limits and lists in each position of a switch. */
export const apiRules = {
  errorShape: {
    'says the same in every position': async () => {
      await add('shop.example');
      for (const errorShape of [
        'message',
        'error-message',
        'error',
        'errors',
        'errors-list',
        'text',
      ] as const) {
        turn({ errorShape });
        expect(await failureOf(add('shop.example'))).toMatchObject({
          code: 'runcloud-refused',
          status: 422,
          said: expect.stringContaining('The name has already been taken.'),
        });
      }
    },
    'also where the refusal is about no field': async () => {
      await add('shop.example');
      for (const errorShape of ['error-message', 'error', 'errors', 'errors-list', 'text'] as const) {
        turn({ errorShape, duplicateName: '409' });
        expect(await failureOf(add('shop.example'))).toMatchObject({
          said: expect.stringContaining('The name has already been taken.'),
        });
      }
    },
  },
  api: {
    'off forbids everything': async () => {
      turn({ api: 'off' });
      expect(await failureOf(ping(clientOf(runcloud)))).toMatchObject({ code: 'runcloud-forbidden' });
    },
  },
  callsPerMinute: {
    'holds off what is too much, until the minute is over': async () => {
      turn({ callsPerMinute: 2 });
      await hosting.find(1);
      await hosting.find(1);
      expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-rate-limited' });
      await clock.advance(60_000);
      expect(await hosting.find(1)).toBeDefined();
    },
  },
  minuteMs: {
    'is over earlier in a test that cannot move the time': async () => {
      turn({ callsPerMinute: 1, minuteMs: 2_000, retryAfter: 'seconds' });
      await hosting.find(1);
      expect(await failureOf(hosting.find(1))).toMatchObject({ retryAfterMs: 2_000 });
      await clock.advance(2_000);
      expect(await hosting.find(1)).toBeDefined();
    },
  },
  retryAfter: {
    'is absent, in seconds, or a date': async () => {
      turn({ callsPerMinute: 0 });
      const now = () => clock.now();
      const limited = () => failureOf(ping(clientOf(runcloud, { now })));
      expect(await limited()).toMatchObject({ retryAfterMs: undefined });
      await clock.advance(20_000);
      turn({ retryAfter: 'seconds' });
      expect(await limited()).toMatchObject({ retryAfterMs: 40_000 });
      turn({ retryAfter: 'date' });
      expect(await limited()).toMatchObject({ retryAfterMs: 40_000 });
    },
  },
  tooManyCalls: {
    'is 429 from RunCloud and from a page of the proxy before it': async () => {
      for (const tooManyCalls of ['json', 'html'] as const) {
        turn({ callsPerMinute: 0, retryAfter: 'seconds', tooManyCalls });
        const now = () => clock.now();
        expect(await failureOf(ping(clientOf(runcloud, { now })))).toMatchObject({
          code: 'runcloud-rate-limited',
          retryAfterMs: 60_000,
        });
      }
    },
  },
  callsPerMonth: {
    'ends the calls of a workspace until the next month': async () => {
      turn({ callsPerMonth: 1 });
      await hosting.find(1);
      expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-rate-limited', status: 429 });
      await clock.advance(10 * 86_400_000);
      expect(await hosting.find(1)).toBeDefined();
    },
  },
  quotaSpent: {
    'may also be answered by 403': async () => {
      turn({ callsPerMonth: 0, quotaSpent: 403 });
      expect(await failureOf(hosting.find(1))).toMatchObject({ code: 'runcloud-forbidden', status: 403 });
    },
  },
  listMeta: {
    'in every form that tells a total gives all pages, complete': async () => {
      addInPanel(85);
      for (const listMeta of ['pagination', 'lastPage', 'last_page'] as const) {
        turn({ listMeta });
        const { domains, complete } = await readListing(hosting);
        expect([domains.length, complete]).toEqual([86, true]);
      }
      expect(runcloud.requests).toHaveLength(12);
    },
    'without a total is complete where its ids rise from page to page': async () => {
      addInPanel(45);
      turn({ listMeta: 'lastPage-without-total' });
      const { domains, complete } = await readListing(hosting);
      expect([domains.length, complete, runcloud.requests.length]).toEqual([46, true, 3]);
    },
    'if there is none, the list is walked twice, to an empty page': async () => {
      addInPanel(45);
      turn({ listMeta: 'none' });
      const { domains, complete } = await readListing(hosting);
      expect([domains.length, complete, runcloud.requests.length]).toEqual([46, true, 6]);
    },
  },
  perPageOver40: {
    'never concerns us: we ask for 40': async () => {
      addInPanel(45);
      for (const perPageOver40 of ['clamp', 422] as const) {
        turn({ perPageOver40 });
        expect((await readListing(hosting)).domains).toHaveLength(46);
      }
      const headers = { authorization: 'Bearer token-of-the-workspace-0123456789' };
      const path = '/api/v3/servers/42/webapps/7/domains';
      const reply = await runcloud.answer({ method: 'GET', path, query: '?perPage=50', headers, body: '' });
      expect(reply).toMatchObject({ status: 422 });
    },
  },
} satisfies { readonly [S in keyof Switches]?: Rules };
