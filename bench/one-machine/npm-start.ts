import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Announcement, announcementDir, announcementSchema } from '../../cli/target/announcement.ts';

const run = promisify(execFile);

export interface NpmStart {
  readonly announced: Announcement;
  /** Of npm and all that it has started. */
  rssBytes(): Promise<number>;
  /** The most of it since the start, by a look each second. */
  mostRssBytes(): number;
  /** The processor's time that they have taken so far. */
  cpuSeconds(): Promise<number>;
  close(): Promise<void>;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly rssBytes: number;
  readonly cpuSeconds: number;
}

/** As `ps` writes it: days, hours, minutes and seconds, without those that are none. */
function toSeconds(time: string): number {
  const [clock = '', days = '0'] = time.split('-').toReversed();
  return clock.split(':').reduce((sum, part) => sum * 60 + Number(part), Number(days) * 24);
}

async function processes(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-axo', 'pid=,ppid=,rss=,time=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, kilobytes, time = ''] = line.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        rssBytes: Number(kilobytes) * 1_024,
        cpuSeconds: toSeconds(time),
      };
    });
}

/** A process and all that descend from it. */
function familyOf(root: number, all: readonly Process[]): Process[] {
  const own = all.filter(({ pid }) => pid === root);
  const children = all.filter(({ parent }) => parent === root);
  return [...own, ...children.flatMap(({ pid }) => familyOf(pid, all))];
}

async function announcementOf(url: string): Promise<Announcement> {
  const dir = announcementDir();
  for (const file of await readdir(dir)) {
    // Others may run, or may have been killed.
    const { data } = announcementSchema.safeParse(JSON.parse(await readFile(join(dir, file), 'utf8')));
    if (data?.url === url) return data;
  }
  throw new Error(`No stack has announced ${url}`);
}

const lookEveryMs = 1_000;

/** The command itself, as a reader of the README types it. */
export async function npmStart(env: Readonly<Record<string, string>>): Promise<NpmStart> {
  const child = spawn('npm', ['start'], {
    cwd: join(import.meta.dirname, '..', '..'),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, PORT: '0', DEMO: 'off', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [, ready] = /^Relay ready on (\S+)$/.exec(line) ?? [];
    if (ready !== undefined) url.resolve(ready);
  });
  child.once('exit', () => url.reject(new Error('npm start has ended')));
  const { pid = 0 } = child;
  const family = async () => familyOf(pid, await processes());
  const rssBytes = async () => (await family()).reduce((sum, one) => sum + one.rssBytes, 0);
  const cpuSeconds = async () => (await family()).reduce((sum, one) => sum + one.cpuSeconds, 0);
  let most = 0;
  let isClosed = false;
  const watch = async () => {
    while (!isClosed) {
      most = Math.max(most, await rssBytes());
      await wait(lookEveryMs, undefined, { ref: false });
    }
  };
  const close = async () => {
    isClosed = true;
    const exit = once(child, 'exit');
    // The stack ends by itself when its npm has ended.
    child.kill('SIGTERM');
    await exit;
  };
  const announced = await announcementOf(await url.promise).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  void watch();
  return { announced, rssBytes, mostRssBytes: () => most, cpuSeconds, close };
}
