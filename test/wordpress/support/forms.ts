import type { Site } from './site.ts';
import { session } from './users.ts';
import type { WebServer } from './web-server.ts';

/** Fills in and sends forms of wp-admin as a user, over HTTP. */
export interface FormUser {
  /** Sends the form of a page; its hidden fields, nonce included, go along. */
  send(web: WebServer, page: string, fields: Readonly<Record<string, string>>): Promise<void>;
}

function hiddenFields(html: string): [string, string][] {
  const form = html.slice(html.indexOf('<form method="post"'));
  return [...form.matchAll(/<input type="hidden"[^>]*name="([^"]+)" value="([^"]*)"/g)].map(
    ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&').replaceAll('&#038;', '&')],
  );
}

export async function formUser(site: Site, userId: number): Promise<FormUser> {
  const cookies = Object.entries(await session(site, userId));
  const cookie = cookies.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('; ');
  return {
    send: async (web, page, fields) => {
      const shown = await web.fetch(`/wp-admin/${page}`, { headers: { cookie } });
      const body = new URLSearchParams({ ...Object.fromEntries(hiddenFields(shown.body)), ...fields });
      const answer = await web.fetch('/wp-admin/admin-post.php', {
        method: 'POST',
        headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
        body: body.toString(),
      });
      if (answer.status !== 302) throw new Error(`${page}: ${answer.status}\n${answer.body}`);
    },
  };
}
