import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startRelayCli } from '../support/stack/relay-cli.ts';

let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), 'relay-usage-'));
});
afterAll(() => rm(temporary, { recursive: true }));

function relay(...args: readonly string[]) {
  return startRelayCli(args, temporary).result;
}

describe('the command line', () => {
  test('prints its version and its help on standard output', async () => {
    const manifest = z
      .object({ version: z.string() })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
    const version = await relay('--version');
    expect(version).toMatchObject({ code: 0, stdout: `${manifest.version}\n`, stderr: '' });
    const help = await relay('add', '--help');
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toContain('--no-www');
    expect(help.stdout).toContain('--network <name>');
  });

  test.each([
    [[], /Name a command\.\n$/],
    [['stauts'], /^Unknown command 'stauts' \(Did you mean status\?\)\. See relay --help\.\n$/],
    [['list', '--state', 'good'], /Allowed choices are open, failed, waiting-dns\. See relay --help\.\n$/],
    [['history'], /^Missing required argument 'domain'/],
    [['list', '--local', '--stage', 'prod'], /^Name one relay: /],
    [['list', '--url', 'ftp://relay.example.com'], /^--url must be the address of a relay/],
    [['list', '--url', 'http://relay.example.com/acme'], /^--url must begin with https:\/\//],
    [['add', 'shop.example.com', '--url', 'http://192.0.2.1/acme'], /^--url must begin with https:\/\//],
    [['status', ''], /^The domain is not valid: it must not be empty\.\n$/],
    [['history', 'https://shop.example.com/'], /^The domain is not valid: .* without scheme or path\.\n$/],
    [['list', '--url', 'https://relay.example.com'], /^Name the network with --network\.\n$/],
    [['list', '--url', 'https://relay.example.com', '--network', 'A_b'], /^--network must be 1 to 32/],
    [['list'], /^No relay runs on this machine: run npm start in another terminal, or name one with --stage/],
    [
      ['add', 'good.example.com', 'bad_name.example.com'],
      /^Domain 2 of 2 is not valid: .*underscore.*Nothing was sent/,
    ],
  ])('bad usage %j ends with 2 and one sentence', async (args, sentence) => {
    const result = await relay(...args);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr).not.toMatch(/\n +at /);
  });

  test.each([
    [['add', 'shop.example.com', '--relay-secret', 'whsec_AAAAAAAAAAAAAAAAAAAAAAAA'], 'whsec_AAA'],
    [['status', '--read-token=short-but-secret'], 'short-but-secret'],
    [['add', 'RELAY_SECRET=mine'], 'mine'],
    [['status', 'abcdefghijklmnopqrstuvwxyz0123456789'], 'abcdefgh'],
    [['status', 'eyJhbGciOi.eyJzdWIi.c2lnbmF0dXJl'], 'eyJ'],
    [['status', 'the-one-from-the-environment'], 'the-one'],
  ])('a secret as an argument is refused and not repeated: %j', async (args, secret) => {
    const result = await startRelayCli(args, temporary, {
      env: { RELAY_READ_TOKEN: 'the-one-from-the-environment' },
    }).result;
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/^A secret must not be an argument/);
    expect(result.stderr).not.toContain(secret);
  });

  test('an error shows its stack with --debug alone', async () => {
    const url = ['--url', 'http://127.0.0.1:9/acme'];
    const env = { RELAY_READ_TOKEN: 'a-read-token-of-thirty-two-characters' };
    const plain = await startRelayCli(['list', ...url], temporary, { env }).result;
    expect(plain).toMatchObject({ code: 1, stdout: '' });
    expect(plain.stderr).toMatch(/^http:\/\/127\.0\.0\.1:9 does not answer: check .*\.\n$/);
    const debug = await startRelayCli(['list', ...url, '--debug'], temporary, { env }).result;
    expect(debug.stderr).toMatch(/RelayUnusable: [\s\S]*\n +at /);
    expect(debug.code).toBe(1);
  });
});
