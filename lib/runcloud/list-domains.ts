import type { App, BeforePage, HostedDomain, Listing } from '../sync/ledger/ports.ts';
import type { RuncloudClient } from './client.ts';
import { type DomainsPage, listDomainsPage } from './domains-page.ts';

/** 20,000 domains. A longer list is taken as endless, and stays incomplete. */
const maxPages = 500;

interface Walk {
  readonly pages: readonly DomainsPage[];
  readonly rows: ReadonlyMap<number, HostedDomain>;
  readonly ended: boolean;
}

async function walk(client: RuncloudClient, app: App, beforePage?: BeforePage): Promise<Walk> {
  const pages: DomainsPage[] = [];
  const rows = new Map<number, HostedDomain>();
  for (let page = 1; page <= maxPages; page += 1) {
    await beforePage?.();
    const read = await listDomainsPage(client, app, page);
    const before = rows.size;
    for (const domain of read.domains) rows.set(domain.id, domain);
    pages.push(read);
    if (!read.more) return { pages, rows, ended: true };
    // No new rows: RunCloud ignores the page number.
    if (rows.size === before) return { pages, rows, ended: false };
  }
  return { pages, rows, ended: false };
}

function sameOnAll<T>(values: readonly T[]): boolean {
  return values.every((value) => value === values[0]);
}

function idsByPage({ pages }: Walk): string {
  return JSON.stringify(pages.map(({ domains }) => domains.map(({ id }) => id)));
}

/**
 * Reads every page, and says whether the listing is complete. Between two reads a row may move to a page that is already
 * read, so a missing name counts as absent only if the total agrees. If rows can move although it agrees, the listing is
 * not `confirmed` (docs/decisions/0003-complete-listings.md).
 */
export async function listDomains(
  client: RuncloudClient,
  app: App,
  beforePage?: BeforePage,
): Promise<Listing> {
  const first = await walk(client, app, beforePage);
  const found = (complete: boolean, confirmed: boolean): Listing => ({
    domains: [...first.rows.values()],
    complete,
    confirmed: complete && confirmed,
  });
  const onePage = first.pages.length === 1;
  const listing = (complete: boolean): Listing => found(complete, onePage);

  if (!first.ended || first.pages.some(({ unreadable }) => unreadable > 0)) return listing(false);
  const [head] = first.pages;
  if (first.pages.some(({ total }) => total !== undefined)) {
    return listing(sameOnAll(first.pages.map(({ total }) => total)) && head?.total === first.rows.size);
  }
  if (!sameOnAll(first.pages.map(({ lastPage }) => lastPage))) return listing(false);
  if (onePage && head?.lastPage !== undefined) return listing(true);
  const second = await walk(client, app, beforePage);
  return found(second.ended && idsByPage(second) === idsByPage(first), true);
}
