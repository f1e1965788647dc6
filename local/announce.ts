import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Announcement, announcementDir } from '../cli/target/announcement.ts';
import type { Stack } from './stack.ts';

type AnnouncedStack = Pick<
  Stack,
  | 'url'
  | 'endpoints'
  | 'region'
  | 'secretPrefix'
  | 'secretsFile'
  | 'logsUrl'
  | 'runcloudUrl'
  | 'dnsServers'
  | 'resources'
>;

/** Lets `relay --local` find this stack, until the returned function is called. A file of a killed one counts for nothing. */
export async function announce(stack: AnnouncedStack, dir = announcementDir()): Promise<() => Promise<void>> {
  const { url, endpoints, region, secretPrefix, secretsFile, logsUrl, runcloudUrl, dnsServers } = stack;
  const resources = Object.fromEntries([...stack.resources].map(([id, { ref }]) => [id, ref]));
  const { pid } = process;
  const announcement: Announcement = {
    pid,
    url,
    secretsFile,
    secretPrefix,
    region,
    endpoints,
    logsUrl,
    runcloudUrl,
    dnsServers,
    resources,
  };
  const file = join(dir, `${pid}.json`);
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await writeFile(file, JSON.stringify(announcement), { mode: 0o600 });
  return () => rm(file, { force: true });
}
