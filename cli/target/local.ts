import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { BadUsage, CommandFailed } from '../errors.ts';
import { type Announcement, announcementDir, announcementSchema } from './announcement.ts';
import { NoNetwork } from './no-network.ts';
import { credentialsIn } from './secrets/credentials.ts';
import type { Aws } from './services/aws.ts';
import type { Target } from './target.ts';

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Another user could place a relay of theirs in a folder that is not ours alone, and get our token sent there. */
function isOurs(dir: string): boolean {
  const { uid, mode } = statSync(dir);
  return process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0);
}

function namesIn(dir: string): string[] {
  try {
    if (!isOurs(dir)) return [];
    return readdirSync(dir).filter((name) => name.endsWith('.json'));
  } catch {
    return [];
  }
}

/** The relays that this user has running here. One that was killed has left its file, which does not count. */
export function runningRelays(): Announcement[] {
  const dir = announcementDir();
  return namesIn(dir).flatMap((name) => {
    const parsed = announcementSchema.safeParse(jsonIn(join(dir, name)));
    return parsed.success && isRunning(parsed.data.pid) ? [parsed.data] : [];
  });
}

const secretsSchema = z.record(z.string(), z.unknown());

/** The secrets file is read with each command, as the relay reads it again whenever it changes. */
function secretsOf({ secretsFile }: Announcement): Record<string, unknown> {
  const parsed = secretsSchema.safeParse(jsonIn(secretsFile));
  if (parsed.success) return parsed.data;
  throw new CommandFailed(
    `${secretsFile} cannot be read as JSON: correct it, the running relay needs it too.`,
  );
}

/** Nothing on this machine checks them; the SDK only wants some. */
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

function localAws(announcement: Announcement): Aws {
  const { region, secretPrefix, endpoints, resources, logsUrl, runcloudUrl, dnsServers } = announcement;
  const resourceOf = (key: string) => resources[key.replace(/(Url|Name)$/, '')];
  const endpointOf = { sqs: endpoints.sqs, dynamodb: endpoints.dynamo, 'secrets-manager': endpoints.secrets };
  return {
    secretPrefix: `${secretPrefix}/`,
    alarmPrefix: undefined,
    logGroupPrefix: '/aws/lambda/',
    surroundings: { RUNCLOUD_URL: runcloudUrl, DNS_SERVERS: dnsServers },
    client: (service) => {
      if (service === 'logs' && logsUrl !== undefined) return { region, credentials, endpoint: logsUrl };
      if (service === 'sqs' || service === 'dynamodb' || service === 'secrets-manager') {
        return { region, credentials, endpoint: endpointOf[service] };
      }
      throw new CommandFailed(`The relay on this machine has no ${service}: use --stage for this.`);
    },
    hasOutput: (key) => resourceOf(key) !== undefined,
    output: (key) => {
      const value = resourceOf(key);
      if (value === undefined)
        throw new CommandFailed(`The relay on this machine has no ${key}: restart npm start.`);
      return value;
    },
  };
}

function chosen(running: readonly Announcement[], url: string | undefined): Announcement {
  const fitting =
    url === undefined ? running : running.filter((relay) => relay.url === url.replace(/\/+$/, ''));
  const [relay, ...others] = fitting;
  if (relay === undefined) {
    throw new CommandFailed(
      running.length === 0
        ? 'No relay runs on this machine: run npm start in another terminal.'
        : `No relay on this machine has this address: use one of ${running.map((it) => it.url).join(', ')}.`,
    );
  }
  if (others.length === 0) return relay;
  const urls = fitting.map((it) => it.url).join(', ');
  throw new BadUsage(`Several relays run on this machine: add --local --url with one of ${urls}.`);
}

/** The relay that `npm start` runs; `url` says which one of several. */
export function localTarget(running: readonly Announcement[], url: string | undefined): Target {
  const relay = chosen(running, url);
  return {
    label: 'the relay on this machine',
    url: relay.url,
    isAddressOnly: false,
    networks: async () => Object.keys(secretsOf(relay)),
    credentials: async (network) => {
      const secret = secretsOf(relay)[network];
      if (secret === undefined) throw new NoNetwork(network);
      return credentialsIn(secret, `The secret of ${network}`);
    },
    aws: async () => localAws(relay),
  };
}
