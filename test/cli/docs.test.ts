import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { sleepUntil } from '../../cli/sleep.ts';
import { localDynamo } from '../../local/aws/clients.ts';
import { point } from '../../local/demo/world.ts';
import { codeIn, readPage, root } from '../support/docs/pages.ts';
import { leaveDeadLetters } from '../support/stack/leave-dead-letters.ts';
import { type CliWorld, startCliWorld, startProgram } from '../support/stack/relay-cli.ts';
import { ledgerNameOf, restoreTo } from '../support/stack/restored-table.ts';
import { secretOfNetwork } from '../support/stack/stack.ts';

interface Section {
  /** As in `relay list`. */
  readonly command: string;
  readonly code: readonly string[];
  readonly shell: string;
  readonly json: string | undefined;
}

const page = readPage('docs/cli.md');

function block(text: string, language: string): string | undefined {
  return new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)?.[1];
}

const sections = page.text
  .split(/^### /m)
  .slice(1)
  .map((text): Section => {
    const [heading = '', ...rest] = text.split('\n');
    const [command = ''] = /^[a-z -]+/.exec(heading.replaceAll('`', '')) ?? [];
    const body = rest.join('\n');
    return {
      command: command.trim(),
      code: codeIn(body),
      shell: block(body, 'sh') ?? '',
      json: block(body, 'json'),
    };
  });

const { signal } = new AbortController();
const { stdout, stderr, env } = process;
const program = createProgram({
  stdout,
  stderr,
  env,
  // Opened only where it is read: it would keep the process from ending.
  get stdin() {
    return process.stdin;
  },
  signal,
  interrupt: () => {},
  now: Date.now,
  sleep: (ms) => sleepUntil(ms, signal),
});

/** Commands that have no commands of their own, by what is typed. */
function leaves(command: Command, typed: string): [string, Command][] {
  if (command.commands.length === 0) return [[typed, command]];
  return command.commands.flatMap((child) => leaves(child, `${typed} ${child.name()}`));
}

const commands = new Map(leaves(program, 'relay'));

/** The keys of a document, at every level; of a list, those of its first entry. */
function keysOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.length === 0 ? [] : keysOf(value[0], `${path}[]`);
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`));
}

/** What the examples are not asked for. */
const environment = {
  WU_RUNCLOUD_API_TOKEN: 'token-of-the-test-workspace',
  WU_RUNCLOUD_SERVER_ID: '42',
  WU_RUNCLOUD_APP_ID: '8',
};

/** As a restore leaves it beside the ledger. */
async function leaveRestoredTable({ stack }: CliWorld): Promise<void> {
  const client = localDynamo(stack.endpoints.dynamo, stack.region);
  await stack.tell('domain.added', 'shop.acme-bikes.com');
  await stack.settled('shop.acme-bikes.com');
  await restoreTo('restored-ledger', 'acme', { client, ledger: ledgerNameOf(stack) });
  client.destroy();
}

describe('docs/cli.md', () => {
  test('has a section for every command, and for no other', () => {
    expect(sections.map(({ command }) => command).toSorted()).toEqual([...commands.keys()].toSorted());
  });

  test.each(sections)('names every option of $command', ({ command, code }) => {
    const options = commands.get(command)?.options.map(({ long }) => long) ?? [];
    expect(options.filter((option) => !code.includes(String(option)))).toEqual([]);
  });

  test('names the options of all commands', () => {
    const text = page.code.join(' ');
    expect(
      program.options.filter(({ long }) => !text.includes(String(long))).map(({ long }) => long),
    ).toEqual(['--version']);
  });

  describe('examples', () => {
    let world: CliWorld;

    beforeAll(async () => {
      const secret = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
      world = await startCliWorld({
        secrets: { acme: secret },
        runcloud: {
          workspaces: [
            {
              tokens: [environment.WU_RUNCLOUD_API_TOKEN],
              servers: [
                {
                  id: 42,
                  apps: [
                    { id: 7, domains: [{ name: 'network.example.com', type: 'primary' }] },
                    { id: 8, domains: [{ name: 'shop-b.example.com', type: 'primary' }] },
                  ],
                },
              ],
            },
          ],
          switches: { callsPerMinute: 6_000, sslIssueMs: 300 },
        },
      });
      for (const name of ['network.example.com', 'shop.acme-bikes.com', 'blog.acme-bikes.com']) {
        point(world.stack.internet, name, 'here');
      }
      await leaveDeadLetters(world.stack, 'acme', {
        'shop.acme-bikes.com': 'runcloud-refused',
        'blog.acme-bikes.com': 'runcloud-timeout',
      });
      await leaveRestoredTable(world);
    });
    afterAll(() => world.close());

    test.each(sections)(
      'of $command end well, and print the document that is shown',
      async ({ shell, json }) => {
        const script = `set -eo pipefail; cd "$TMPDIR"; relay() { node "${root}/cli/main.js" "$@"; }\n${shell}`;
        const { code, stdout, stderr } = await startProgram('bash', ['-c', script], world.temporary, {
          env: environment,
        }).result;
        expect({ code, stderr }).toMatchObject({ code: 0 });
        if (json === undefined) return;
        expect(shell.trim().split('\n').at(-1)).toContain('--json');
        const printed: unknown = JSON.parse(stdout.slice(stdout.indexOf('{\n')));
        expect(keysOf(printed)).toEqual(expect.arrayContaining(keysOf(JSON.parse(json))));
      },
    );
  });

  test('the picture in the README has the columns of the command', () => {
    const head = /^DOMAIN .*$/m.exec(readPage('README.md').text)?.[0] ?? '';
    expect(head.split(/ {2,}/)).toEqual(['DOMAIN', 'WANTED', 'HOSTING', 'CERTIFICATE', 'NEXT TRY']);
  });
});
