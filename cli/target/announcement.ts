import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running `npm start` tells the command line about itself. Holds no secret, only the file that does. */
export const announcementSchema = z.object({
  pid: z.number(),
  url: z.string(),
  secretsFile: z.string(),
  secretPrefix: z.string(),
  region: z.string(),
  endpoints: z.object({ sqs: z.string(), sns: z.string(), dynamo: z.string(), secrets: z.string() }),
  /** Where CloudWatch Logs' protocol is spoken. */
  logsUrl: z.string().optional(),
  runcloudUrl: z.string().optional(),
  /** Where names are looked up; empty: the system's resolvers. */
  dnsServers: z.string().default(''),
  /** Queue addresses and table names, by their logical id in serverless.yml. */
  resources: z.record(z.string(), z.string()),
});

export type Announcement = z.infer<typeof announcementSchema>;

/** A folder of this user: another user of the machine must not be able to place a relay in it. */
export function announcementDir(temporary = tmpdir()): string {
  const { uid, username } = userInfo();
  return join(temporary, `runcloud-relay-of-${uid < 0 ? username : uid}`);
}
