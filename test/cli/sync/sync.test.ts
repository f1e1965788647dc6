import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type CliWorld, startCliWorld } from '../../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../../support/stack/stack.ts';

let world: CliWorld;

beforeAll(async () => {
  // Paused: what matters here is what the relay is told, and not what RunCloud makes of it.
  const secret = secretOfNetwork({
    RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234',
    PAUSED: 'true',
  });
  world = await startCliWorld({ secrets: { acme: secret } });
});
afterAll(() => world.close());

async function list(...lines: readonly string[]): Promise<string> {
  const file = join(world.temporary, 'domains.csv');
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

async function known(): Promise<Record<string, string>> {
  const { stdout } = await world.relay(['list', '--json']);
  const { domains } = JSON.parse(stdout);
  return Object.fromEntries(
    domains.map(({ domain, wanted }: { domain: string; wanted: string }) => [domain, wanted]),
  );
}

describe('relay sync', () => {
  test('names faulty lines, and sends nothing', async () => {
    const file = await list(
      'domain,www',
      'good.example.com,true',
      'bad_name.example.com,',
      'b.example.com,x',
    );
    const result = await world.relay(['sync', file, '--yes']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toBe(
      'line 3: Must not contain an underscore\nline 4: www must be true or false\nThe list has 2 faults: correct the lines above. Nothing was sent.\n',
    );
    expect(await known()).toEqual({});
  });

  test('without a terminal it needs --yes, and takes the list from standard input', async () => {
    const input = 'one.example.com\ntwo.example.com\n';
    const asked = await world.relay(['sync', '-'], { input });
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    expect(asked.stderr).toMatch(/To add: 2:\n {2}one\.example\.com\n {2}two\.example\.com\n/);
    expect(asked.stderr).toMatch(
      /Nothing was sent, because standard input holds the list: answer with --yes\.\n$/,
    );
    expect(await known()).toEqual({});

    const sent = await world.relay(['sync', '-', '--yes', '--json'], { input });
    expect(sent.code).toBe(0);
    expect(JSON.parse(sent.stdout)).toEqual({
      network: 'acme',
      unchanged: 0,
      missing: [],
      unreadable: [],
      domains: [
        { change: 'add', domain: 'one.example.com', line: 1, status: 'accepted', error: null },
        { change: 'add', domain: 'two.example.com', line: 2, status: 'accepted', error: null },
      ],
    });
    const again = await world.relay(['sync', '-'], { input });
    expect(again).toMatchObject({ code: 0, stdout: '' });
    expect(again.stderr).toContain('Network acme knows 2 of them.\nNothing is to be done.\n');
  });

  test('a list on standard input cannot answer a question, and Ctrl-C ends it', async () => {
    const typed = world.terminal(['sync', '-']);
    await typed.shows('end it with Ctrl-D:');
    typed.type('four.example.com\r\u0004');
    expect(await typed.ended).toEqual({ code: 1, signal: 0 });
    expect(typed.text()).toMatch(
      /To add: 1:[\s\S]*\nNothing was sent, because standard input holds the list/,
    );
    expect(typed.text()).not.toContain('Warning');

    const stopped = world.terminal(['sync', '-']);
    await stopped.shows('end it with Ctrl-D:');
    stopped.type('four.example.com\r');
    stopped.type('\u0003');
    expect(await stopped.ended).toMatchObject({ signal: 2 });
    expect(await known()).not.toHaveProperty(['four.example.com']);
  });

  test('what the relay refuses is reported with its line and reason', async () => {
    const file = await list('one.example.com', 'network.example.com');
    const result = await world.relay(['sync', file, '--yes']);
    expect(result.code).toBe(1);
    expect(result.stdout).toMatch(/^line 2: network\.example\.com: protected-domain: This domain belongs to/);
    expect(result.stderr).toMatch(/0 of 1 sent, 1 failed\./);
  });

  test('in a terminal it asks, removals with a second question, and draws a bar', async () => {
    const file = await list('one.example.com', 'three.example.com');
    const declined = world.terminal(['sync', file, '--remove-missing']);
    await declined.shows('Announce 1 domain?');
    declined.type('y\r');
    await declined.shows('Remove 1 domain from RunCloud?');
    declined.type('\r');
    expect(await declined.ended).toEqual({ code: 1, signal: 0 });
    expect(declined.text()).toContain('Nothing was sent.');
    expect(await known()).not.toHaveProperty(['three.example.com']);

    const agreed = world.terminal(['sync', file, '--remove-missing']);
    await agreed.shows('Announce 1 domain?');
    agreed.type('y\r');
    await agreed.shows('Remove 1 domain from RunCloud?');
    agreed.type('y\r');
    expect(await agreed.ended).toEqual({ code: 0, signal: 0 });
    expect(agreed.text()).toMatch(/█+ 100% \| 2\/2 \| \d+\/s \| 0 s left/);
    expect(agreed.text()).toContain('2 of 2 sent, 0 failed.');
    expect(await known()).toMatchObject({ 'two.example.com': 'absent', 'three.example.com': 'present' });
  });

  test('Ctrl-C at a question sends nothing and ends by the signal', async () => {
    const file = await list('four.example.com');
    const terminal = world.terminal(['sync', file]);
    await terminal.shows('Announce 1 domain?');
    terminal.type('\u0003');
    expect(await terminal.ended).toMatchObject({ signal: 2 });
    expect(terminal.text()).toContain('Nothing was sent.');
    expect(await known()).not.toHaveProperty(['four.example.com']);
  });
});
