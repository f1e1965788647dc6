import type { App, HostedDomain, ListingPage } from '../sync/ledger/runcloud-ports.ts';
import type { RuncloudClient } from './client.ts';
import { domainsPath } from './paths.ts';
import { readResource } from './read-resource.ts';
import { domainListSchema, domainSchema } from './schemas.ts';

/** RunCloud's largest page. */
const perPage = 40;

function sortRows(rows: readonly unknown[]): Pick<ListingPage, 'domains' | 'unreadable'> {
  const domains: HostedDomain[] = [];
  for (const row of rows) {
    const parsed = domainSchema.safeParse(row);
    if (parsed.success) domains.push({ type: undefined, www: undefined, ...parsed.data });
  }
  return { domains, unreadable: rows.length - domains.length };
}

/** Reads one page of a web application's domains; the first is 1. */
export async function listDomainsPage(client: RuncloudClient, app: App, page: number): Promise<ListingPage> {
  const { data, meta } = await readResource(client, domainsPath(app), domainListSchema, { page, perPage });
  const total = meta?.pagination?.total ?? meta?.total;
  const lastPage = meta?.pagination?.total_pages ?? meta?.lastPage ?? meta?.last_page;
  // Without a total only an empty page ends the list: RunCloud may give fewer rows a page than asked for.
  const mayGoOn = total === undefined || page * data.length < total;
  const more = lastPage === undefined ? data.length > 0 && mayGoOn : page < lastPage;
  return { ...sortRows(data), total, lastPage, more };
}
