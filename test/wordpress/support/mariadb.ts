import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../support/eventually.ts';
import type { Database } from './database.ts';
import { run } from './process.ts';

export interface MariaDb extends Database {
  close(): Promise<void>;
}

/** MariaDB refuses to run as root; its package makes a user for it. */
async function owner(): Promise<{ readonly args: string[]; readonly give: (dir: string) => Promise<void> }> {
  if (userInfo().uid !== 0) return { args: [], give: async () => {} };
  const id = async (flag: string) => Number(await run({ file: 'id', args: [flag, 'mysql'] }));
  const [uid, gid] = [await id('-u'), await id('-g')];
  return { args: ['--user=mysql'], give: (dir) => chown(dir, uid, gid) };
}

/** A MariaDB of our own, on a socket file, with one empty database. */
export async function startMariaDb(): Promise<MariaDb> {
  const dir = await mkdtemp(join(tmpdir(), 'mariadb-'));
  const { args, give } = await owner();
  await chmod(dir, 0o755);
  await give(dir);
  const data = join(dir, 'data');
  const socket = join(dir, 'socket');
  const common = ['--no-defaults', ...args, `--datadir=${data}`];
  await run({
    file: 'mariadb-install-db',
    args: [...common, '--auth-root-authentication-method=normal', '--skip-test-db'],
  });
  const server = spawn(
    '/usr/sbin/mariadbd',
    [
      ...common,
      `--socket=${socket}`,
      '--skip-networking',
      '--skip-log-bin',
      '--innodb-flush-log-at-trx-commit=0',
    ],
    { stdio: 'ignore' },
  );
  const closed = once(server, 'close');
  const ask = (query: string) =>
    run({ file: 'mariadb', args: ['--no-defaults', '-uroot', `--socket=${socket}`, '-e', query] });
  await eventually(() => ask('SELECT 1'), { everyMs: 100 });
  await ask('CREATE DATABASE wordpress');
  return {
    kind: 'mariadb',
    constants: { DB_NAME: 'wordpress', DB_USER: 'root', DB_PASSWORD: '', DB_HOST: `localhost:${socket}` },
    close: async () => {
      server.kill('SIGTERM');
      await closed;
      await rm(dir, { recursive: true });
    },
  };
}
