import { describe, expect, test } from '@jest/globals';
import type { RuncloudClient } from '../../../../../lib/runcloud/client.ts';
import { runcloudHosting } from '../../../../../lib/runcloud/domains.ts';
import { listDomainsPage } from '../../../../../lib/runcloud/domains-page.ts';
import { readListing } from '../../../../../lib/sync/network/listing/listing.ts';
import { ids } from '../../../../support/runcloud/runcloud.ts';

function rows(from: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: from + index,
    name: `d${from + index}.example`,
  }));
}

/** The same rows, the newest first. */
function falling(from: number, count: number) {
  return rows(from, count).toReversed();
}

/** A client that answers with those pages, then with empty ones, and notes which were asked for. */
function pagesClient(...pages: readonly unknown[]) {
  const asked: unknown[] = [];
  const client: RuncloudClient = {
    api: 'v3',
    request: async ({ query }) => {
      asked.push(query?.page);
      return pages[asked.length - 1] ?? { data: [] };
    },
  };
  return { client, asked };
}

function counted(data: readonly unknown[], total: number, pages: number) {
  return {
    data,
    meta: { pagination: { total, count: data.length, per_page: 40, total_pages: pages } },
  };
}

function listDomains(client: RuncloudClient) {
  return readListing(runcloudHosting(client, ids));
}

describe('a listing is complete', () => {
  test('when every page stated the same total and that many rows came', async () => {
    const [first, last] = [counted(falling(6, 40), 45, 2), counted(falling(1, 5), 45, 2)];
    const { client, asked } = pagesClient(first, last, first);
    const { domains, complete } = await listDomains(client);
    expect([domains.length, complete, asked]).toEqual([45, true, [1, 2, 1]]);
  });

  test('when it is empty and says so', async () => {
    const { client } = pagesClient(counted([], 0, 1));
    expect(await listDomains(client)).toEqual({ domains: [], complete: true, confirmed: true });
  });

  test('without a total if one page says that it is the only one: one answer is one moment', async () => {
    const { client, asked } = pagesClient({ data: rows(1, 3), meta: { lastPage: 1 } });
    expect((await listDomains(client)).complete).toBe(true);
    expect(asked).toEqual([1]);
  });

  test('when the ids rise from page to page, though the total moved or no page states one', async () => {
    const moved = [counted(rows(1, 40), 45, 2), counted(rows(41, 4), 44, 2), counted(rows(1, 40), 44, 2)];
    const { client, asked } = pagesClient(...moved);
    expect(await listDomains(client)).toMatchObject({ complete: true, confirmed: true });
    expect(asked).toEqual([1, 2, 1]);
    const meta = { lastPage: 2 };
    const bare = [
      { data: rows(1, 40), meta },
      { data: rows(41, 2), meta },
      { data: rows(1, 40), meta },
    ];
    expect(await listDomains(pagesClient(...bare).client)).toMatchObject({ complete: true, confirmed: true });
  });

  test('from the last page that it has by then, where it grew after its first page was read', async () => {
    const first = counted(rows(1, 40), 80, 2);
    const grown = (data: readonly unknown[]) => counted(data, 81, 3);
    const { client, asked } = pagesClient(
      first,
      grown(rows(41, 40)),
      grown(rows(81, 1)),
      grown(rows(41, 40)),
      grown(rows(1, 40)),
    );
    const { domains, complete } = await listDomains(client);
    expect([domains.length, complete, asked]).toEqual([81, true, [1, 2, 3, 2, 1]]);
  });

  test('without a total or an order if a second walk over all pages finds the same rows in the same places', async () => {
    const [first, last] = [
      { data: falling(3, 40), meta: { lastPage: 2 } },
      { data: falling(1, 2), meta: { lastPage: 2 } },
    ];
    const { client, asked } = pagesClient(first, last, first, last, first);
    expect((await listDomains(client)).complete).toBe(true);
    expect(asked).toEqual([1, 2, 1, 2, 1]);
  });
});

describe('a listing is confirmed', () => {
  const confirmed = async (...pages: readonly unknown[]) => {
    const { client } = pagesClient(...pages);
    const { complete, confirmed: sure } = await listDomains(client);
    return [complete, sure];
  };

  test('where one page was all of it', async () => {
    expect(await confirmed(counted(rows(1, 40), 40, 1))).toEqual([true, true]);
    expect(await confirmed({ data: rows(1, 3), meta: { lastPage: 1 } })).toEqual([true, true]);
  });

  test('where two readings were alike', async () => {
    const [first, last] = [
      { data: falling(3, 40), meta: { lastPage: 2 } },
      { data: falling(1, 2), meta: { lastPage: 2 } },
    ];
    expect(await confirmed(first, last, first, last, first)).toEqual([true, true]);
  });

  test('where it was read from its last page to its first, and the ids rise', async () => {
    const [first, last] = [counted(rows(1, 40), 45, 2), counted(rows(41, 5), 45, 2)];
    expect(await confirmed(first, last, first)).toEqual([true, true]);
  });

  test('not where ids do not rise: one row may have gone and another come between two pages', async () => {
    const first = counted(falling(6, 40), 45, 2);
    expect(await confirmed(first, counted(falling(1, 5), 45, 2), first)).toEqual([true, false]);
    const newcomer = counted([...rows(1, 39), ...rows(99, 1)], 45, 2);
    expect(await confirmed(first, counted(rows(41, 5), 45, 2), newcomer)).toEqual([true, false]);
  });

  test('not where it is incomplete', async () => {
    expect(await confirmed(counted(rows(1, 3), 4, 1))).toEqual([false, false]);
  });
});

describe('a listing without any count is complete', () => {
  test('when two walks to an empty page find the same rows in the same places, however small the pages', async () => {
    const pages = [{ data: rows(1, 20) }, { data: rows(21, 5) }, { data: [] }];
    const { client, asked } = pagesClient(...pages, ...pages);
    const { domains, complete } = await listDomains(client);
    expect([domains.length, complete]).toEqual([25, true]);
    expect(asked).toEqual([1, 2, 3, 1, 2, 3]);
  });

  test('when it is empty both times', async () => {
    const { client } = pagesClient({ data: [] }, { data: [] });
    expect((await listDomains(client)).complete).toBe(true);
  });
});

describe('a listing proves no absence', () => {
  test('when the total moved between two pages whose ids do not rise', async () => {
    const first = counted(falling(6, 40), 46, 2);
    const { client } = pagesClient(first, counted(falling(1, 5), 45, 2), first);
    expect((await listDomains(client)).complete).toBe(false);
  });

  test('when its pages cannot hold the total, though the ids rise', async () => {
    const first = counted(rows(1, 40), 81, 2);
    const { client } = pagesClient(first, counted(rows(41, 40), 81, 2), first);
    expect((await listDomains(client)).complete).toBe(false);
  });

  test('when RunCloud gives the same page for every number', async () => {
    const same = counted(rows(1, 40), 80, 2);
    const bare = { data: rows(1, 40), meta: { lastPage: 2 } };
    for (const page of [same, bare]) {
      expect((await listDomains(pagesClient(page, page, page).client)).complete).toBe(false);
    }
  });

  test('when more pages follow whatever page is read', async () => {
    const page = (n: number) => counted(rows(n, 1), n + 9, n + 5);
    const { client, asked } = pagesClient(...Array.from({ length: 60 }, (_, n) => page(n + 1)));
    expect((await listDomains(client)).complete).toBe(false);
    expect(asked.length).toBeLessThan(20);
  });

  test('when a row slipped over the edge of a page and another came twice', async () => {
    const first = counted(falling(5, 40), 45, 2);
    const { client } = pagesClient(first, counted(falling(1, 5), 45, 2), first);
    const { domains, complete } = await listDomains(client);
    expect([domains.length, complete]).toEqual([44, false]);
  });

  test('when a row cannot be read', async () => {
    const { client } = pagesClient(counted([...rows(1, 2), { id: 'x', name: 'odd.example' }], 3, 1));
    const { domains, complete } = await listDomains(client);
    expect([domains.length, complete]).toEqual([2, false]);
  });

  test('when one page stated no total', async () => {
    const first = counted(rows(1, 40), 45, 2);
    const { client } = pagesClient(first, { data: rows(41, 5) }, first);
    expect((await listDomains(client)).complete).toBe(false);
  });

  test('when there is neither a total nor a last page, and the second walk differs', async () => {
    const end = { data: [] };
    const { client } = pagesClient({ data: rows(1, 40) }, { data: rows(42, 4) }, end, { data: rows(2, 40) });
    const { domains, complete } = await listDomains(client);
    expect([domains.length, complete]).toEqual([44, false]);
  });

  test('when without a total the second walk differs', async () => {
    const meta = { lastPage: 2 };
    const { client } = pagesClient(
      { data: falling(4, 40), meta },
      { data: falling(1, 2), meta },
      { data: falling(4, 40), meta },
      { data: falling(1, 2), meta },
      { data: falling(3, 40), meta },
    );
    expect((await listDomains(client)).complete).toBe(false);
  });
});

test('reads on while a total without a last page says that rows are missing, even if pages are smaller than asked', async () => {
  const page = (data: readonly unknown[]) => ({ data, meta: { total: 45 } });
  const [first, second, third] = [page(rows(1, 20)), page(rows(21, 20)), page(rows(41, 5))];
  const { client, asked } = pagesClient(first, third, second, first);
  const { domains, complete } = await listDomains(client);
  expect([domains.length, complete]).toEqual([45, true]);
  expect(asked).toEqual([1, 3, 2, 1]);
});

test('stops when RunCloud gives the same page over and over', async () => {
  const same = { data: rows(1, 40) };
  const { client, asked } = pagesClient(same, same, same, same);
  expect((await listDomains(client)).complete).toBe(false);
  expect(asked).toEqual([1, 2]);
});

test.each([undefined, {}, { message: 'pong' }, { data: 'rows' }, []])(
  'takes %j for no list at all',
  async (body) => {
    const { client } = pagesClient(body ?? { nothing: true });
    await expect(listDomains(client)).rejects.toMatchObject({ code: 'runcloud-unavailable' });
  },
);

test('one page alone contains what a walk needs to continue later', async () => {
  const { client } = pagesClient(counted(rows(1, 40), 45, 2));
  expect(await listDomainsPage(client, ids, 1)).toMatchObject({
    total: 45,
    lastPage: 2,
    more: true,
    unreadable: 0,
  });
});
