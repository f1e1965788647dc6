import type { App, HostedDomain, Hosting } from '../sync/ledger/runcloud-ports.ts';
import type { RuncloudClient } from './client.ts';
import { listDomainsPage } from './domains-page.ts';
import { RuncloudNotFound, RuncloudRefused } from './errors.ts';
import { unexpectedShape } from './failure.ts';
import { domainPath, domainsPath } from './paths.ts';
import { readResource } from './read-resource.ts';
import { domainSchema, shownIdSchema, toHostName } from './schemas.ts';

/**
 * WordPress chooses the canonical name and redirects to it. A redirect of the web server sends visitors away from a
 * name that is mapped by itself, and the two can send them back and forth for ever.
 */
const redirection = 'none';

function toHosted(body: unknown): HostedDomain | undefined {
  const parsed = domainSchema.safeParse(body);
  return parsed.success ? { type: undefined, www: undefined, ...parsed.data } : undefined;
}

/** The domains of one web application, over HTTP. */
export function runcloudHosting(client: RuncloudClient, app: App): Hosting {
  return {
    async find(id) {
      const path = domainPath(app, id);
      try {
        const domain = await readResource(client, path, domainSchema);
        if (domain.id !== id) throw unexpectedShape({ method: 'GET', path });
        return { type: undefined, www: undefined, ...domain };
      } catch (error) {
        if (error instanceof RuncloudNotFound) return undefined;
        throw error;
      }
    },

    async page(number) {
      const page = await listDomainsPage(client, app, number);
      // A first page that is also the last one gives the total.
      const only = number === 1 && page.lastPage === 1;
      const total = page.total ?? (only ? page.domains.length + page.unreadable : undefined);
      return { ...page, total };
    },

    async add({ name, www }) {
      const body = await client.request({
        method: 'POST',
        path: domainsPath(app),
        body: { name, www, redirection, type: 'alias' },
      });
      const domain = toHosted(body);
      return domain?.name === toHostName(name) ? domain : undefined;
    },

    async remove(id) {
      try {
        const body = await client.request({ method: 'DELETE', path: domainPath(app, id) });
        const shown = shownIdSchema.safeParse(body);
        return shown.success && shown.data.id === id ? 'removed' : 'unclear';
      } catch (error) {
        if (error instanceof RuncloudNotFound) return 'gone';
        throw error;
      }
    },

    async updateDomain(id, { www }) {
      try {
        await client.request({
          method: 'PATCH',
          path: `${domainPath(app, id)}/meta`,
          body: { type: 'alias', redirection, www },
        });
        return 'updated';
      } catch (error) {
        if (error instanceof RuncloudNotFound) return 'unsupported';
        if (error instanceof RuncloudRefused && error.status === 405) return 'unsupported';
        throw error;
      }
    },
  };
}
