import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { secretsManagerClient } from '../../../lib/aws/secrets.ts';
import { SecretsFileFaulty } from '../../../local/aws/secrets-manager/secrets-file.ts';
import { startSecretsManager } from '../../../local/aws/secrets-manager/server.ts';
import { awsEnvironment } from '../../support/aws/aws-environment.ts';
import { patient } from '../../support/aws/patient.ts';

const prefix = 'runcloud-relay/dev';

let folder: string;
let file: string;
let restore: () => void;
let closers: (() => Promise<void> | void)[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrets-'));
  file = join(folder, 'secrets.json');
  restore = awsEnvironment();
  closers = [];
});
afterEach(async () => {
  for (const close of closers) await close();
  restore();
  rmSync(folder, { recursive: true });
});

let writes = 0;

/** Two writes within one tick of the file system's clock would look like one. */
function write(text: string) {
  writes += 1;
  writeFileSync(file, text);
  utimesSync(file, writes, writes);
}

async function start() {
  const faults: SecretsFileFaulty[] = [];
  const server = await startSecretsManager({ file, prefix, onFaultyFile: (error) => faults.push(error) });
  const client = secretsManagerClient({ endpoint: server.endpoint, maxAttempts: 1, ...patient });
  closers.push(() => client.destroy(), server.close);
  const read = (network: string, stage?: string) =>
    client.send(
      new GetSecretValueCommand({
        SecretId: `${prefix}/${network}`,
        ...(stage === undefined ? {} : { VersionStage: stage }),
      }),
    );
  return { server, client, read, faults };
}

test('a secret is the text of what the file holds for the network', async () => {
  write('{"default": {"PAUSED": "true"}, "odd": "just text"}');
  const { read } = await start();
  expect(await read('default')).toMatchObject({
    Name: `${prefix}/default`,
    SecretString: '{"PAUSED":"true"}',
    VersionStages: ['AWSCURRENT'],
  });
  expect((await read('odd')).SecretString).toBe('just text');
});

test('the file may begin with a byte order mark', async () => {
  write('\uFEFF{"default": {"PAUSED": "true"}}');
  const { read } = await start();
  expect((await read('default')).SecretString).toBe('{"PAUSED":"true"}');
});

test('a network that the file does not hold, or another stage, is not found', async () => {
  write('{"default": {}}');
  const { read } = await start();
  const notFound = expect.objectContaining({ name: 'ResourceNotFoundException' });
  await expect(read('second')).rejects.toEqual(notFound);
  await expect(read('toString')).rejects.toEqual(notFound);
  await expect(read('default', 'AWSPREVIOUS')).rejects.toEqual(notFound);
});

test('the secrets whose names begin as asked are listed', async () => {
  write('{"default": {}, "second": {}}');
  const { client } = await start();
  const named = async (start: string) => {
    const { SecretList = [] } = await client.send(
      new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [start] }] }),
    );
    return SecretList.map(({ Name }) => Name);
  };
  expect(await named(`${prefix}/`)).toEqual([`${prefix}/default`, `${prefix}/second`]);
  expect(await named(`${prefix}/s`)).toEqual([`${prefix}/second`]);
  expect(await named('other')).toEqual([]);
});

test('the file is read again whenever it has changed', async () => {
  write('{"default": {"A": "1"}}');
  const { read } = await start();
  expect((await read('default')).SecretString).toBe('{"A":"1"}');
  write('{"default": {"A": "2"}}');
  expect((await read('default')).SecretString).toBe('{"A":"2"}');
});

test.each(['{"default": {"A": "private"', '["private"]', '"private"', ''])(
  'a file that holds no secrets ends the start with an error that names it and quotes nothing: %j',
  async (text) => {
    write(text);
    const error = await startSecretsManager({ file, prefix }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(SecretsFileFaulty);
    expect(error).toMatchObject({ file, message: expect.stringContaining(file) });
    expect(String(error)).not.toContain('private');
  },
);

test('a file that is not there is named', async () => {
  await expect(startSecretsManager({ file, prefix })).rejects.toMatchObject({
    name: 'SecretsFileFaulty',
    message: `${file} cannot be read`,
  });
});

test('a file that becomes faulty serves nothing old, is reported, and works once it is fixed', async () => {
  write('{"default": {"A": "1"}}');
  const { read, faults } = await start();
  write('{"default": ');
  const internal = expect.objectContaining({ name: 'InternalServiceError' });
  await expect(read('default')).rejects.toEqual(internal);
  rmSync(file);
  await expect(read('default')).rejects.toEqual(internal);
  expect(faults.map(({ message }) => message)).toEqual([
    `${file} is not valid JSON`,
    `${file} cannot be read`,
  ]);
  write('{"default": {"A": "1"}}');
  expect((await read('default')).SecretString).toBe('{"A":"1"}');
});

test.each([
  ['throttling', 'ThrottlingException'],
  ['access-denied', 'AccessDeniedException'],
  ['scheduled-for-deletion', 'InvalidRequestException'],
  ['decryption-failure', 'DecryptionFailure'],
  ['internal', 'InternalServiceError'],
] as const)('it can be told to fail with %s', async (fault, name) => {
  write('{"default": {}}');
  const { server, read } = await start();
  server.fail(fault);
  await expect(read('default')).rejects.toMatchObject({ name });
  server.fail(undefined);
  expect((await read('default')).SecretString).toBe('{}');
});

test('what is not known here is refused as AWS refuses it', async () => {
  write('{"default": {}}');
  const { server } = await start();
  const call = async (target: string, body: string) => {
    const answer = await fetch(server.endpoint, {
      method: 'POST',
      body,
      headers: { 'x-amz-target': target },
    });
    return [answer.status, answer.headers.get('content-type'), await answer.json()];
  };
  const type = 'application/x-amz-json-1.1';
  const refused = (name: string) => [400, type, expect.objectContaining({ __type: name })];
  expect(await call('secretsmanager.RotateSecret', '{}')).toEqual(refused('UnknownOperationException'));
  expect(await call('secretsmanager.PutSecretValue', '{}')).toEqual(refused('InvalidParameterException'));
  expect(await call('secretsmanager.GetSecretValue', '{}')).toEqual(refused('InvalidParameterException'));
  expect(await call('secretsmanager.GetSecretValue', '{')).toEqual(refused('InvalidParameterException'));
});

test('a caller that hangs up in the middle of its call harms no other', async () => {
  write('{"default": {}}');
  const { server, read } = await start();
  const socket = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
  await new Promise<void>((resolve) => {
    socket.once('connect', () => {
      socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{"', () => {
        socket.destroy();
        resolve();
      });
    });
  });
  expect((await read('default')).SecretString).toBe('{}');
});
