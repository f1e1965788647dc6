import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { announcementDir, announcementSchema } from '../../cli/target/announcement.ts';
import { announce } from '../../local/announce.ts';

const stack = {
  url: 'http://localhost:3000',
  secretsFile: '/somewhere/secrets.json',
  secretPrefix: 'runcloud-relay/dev',
  region: 'eu-west-1',
  logsUrl: 'http://127.0.0.1:7',
  runcloudUrl: 'http://127.0.0.1:5',
  dnsServers: '127.0.0.1:6',
  endpoints: {
    sqs: 'http://127.0.0.1:1',
    sns: 'http://127.0.0.1:4',
    dynamo: 'http://127.0.0.1:2',
    secrets: 'http://127.0.0.1:3',
  },
  resources: new Map([['DomainQueue', { ref: 'http://127.0.0.1:1/queue', arn: 'arn:queue' }]]),
};

let temporary: string;

beforeEach(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'announce-'));
});
afterEach(() => rm(temporary, { recursive: true }));

test('a running stack is announced to its own user alone, and is not once it has stopped', async () => {
  const dir = announcementDir(temporary);
  const withdraw = await announce(stack, dir);
  const [name = '', ...others] = await readdir(dir);
  const file = join(dir, name);
  expect(others).toEqual([]);
  expect((await stat(dir)).mode & 0o777).toBe(0o700);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(announcementSchema.parse(JSON.parse(await readFile(file, 'utf8')))).toEqual({
    ...stack,
    pid: process.pid,
    resources: { DomainQueue: 'http://127.0.0.1:1/queue' },
  });
  await withdraw();
  expect(await readdir(dir)).toEqual([]);
});
