import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventually } from '../../support/eventually.ts';
import { type CliResult, type CliWorld, startCliWorld } from '../../support/stack/relay-cli.ts';
import { secretOfNetwork } from '../../support/stack/stack.ts';

const readToken = 'read-token-of-the-test-network-01234';
/** Three times what SQS gives in one call. */
const names = Array.from({ length: 30 }, (_, index) => `made-by-hand-${index}.example.com`);
const [first = '', second = '', third = ''] = names;

const listSchema = z.object({
  deadLetters: z.array(z.looseObject({ domain: z.string(), id: z.string() })),
});

let world: CliWorld;

function deadLettersIn({ stdout }: CliResult) {
  return listSchema.parse(JSON.parse(stdout)).deadLetters;
}

async function listed(...filters: readonly string[]) {
  const result = await world.relay(['dead-letters', 'list', '--json', ...filters]);
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return deadLettersIn(result);
}

function domainsOf(deadLetters: readonly { readonly domain: string }[]) {
  return deadLetters.map(({ domain }) => domain).toSorted();
}

beforeAll(async () => {
  const secret = secretOfNetwork({ RELAY_READ_TOKEN: readToken, REMOVAL_GRACE_MINUTES: '0' });
  const domains = names.map((name) => ({ name, type: 'alias' as const }));
  world = await startCliWorld({
    secrets: { acme: secret },
    runcloud: {
      workspaces: [
        {
          tokens: [secret.WU_RUNCLOUD_API_TOKEN ?? ''],
          servers: [
            {
              id: 42,
              apps: [{ id: 7, domains: [{ name: 'network.example.com', type: 'primary' }, ...domains] }],
            },
          ],
        },
      ],
    },
  });
  // Never announced: each removal fails at once, with a dead letter.
  const sent = await world.relay(['remove', ...names]);
  expect(sent.code).toBe(0);
  await eventually(
    async () => {
      for (const name of names) {
        const item = await world.stack.domain(name);
        if (item?.state !== 'failed' || item.toSend.length > 0) throw new Error(`${name} has not failed yet`);
      }
    },
    { everyMs: 200 },
  );
});
afterAll(() => world.close());

describe('dead-letters', () => {
  test('list and show every dead letter, and leave all of them', async () => {
    const all = await listed();
    expect(domainsOf(all)).toEqual(names.toSorted());
    expect(new Set(all.map(({ id }) => id)).size).toBe(names.length);
    const table = await world.relay(['dead-letters', 'list']);
    expect(table.stdout).toMatch(/^DOMAIN +NETWORK +QUEUE +CODE +LAST FAILURE\n/);
    expect(table.stdout.match(/ not-announced /g)).toHaveLength(names.length);
    expect(domainsOf(await listed('--domain', first))).toEqual([first]);
    expect(await listed('--code', 'runcloud-refused')).toEqual([]);
    expect(await listed('--network', 'other')).toEqual([]);
    const shown = await world.relay(['dead-letters', 'show', '--domain', first]);
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain(`relay dead-letters retry --network acme --domain ${first}`);
    expect(shown.stdout).toContain('"deadLetter":');
  });

  test('retry one, and touch no other', async () => {
    const result = await world.relay(['dead-letters', 'retry', '--domain', first, '--json']);
    expect(result).toMatchObject({ code: 0, stderr: `${first}: retried\n` });
    expect(deadLettersIn(result)).toMatchObject([{ domain: first, outcome: 'retried' }]);
    await eventually(
      async () => {
        const current = await world.stack.domain(first);
        if (current?.state !== 'failed' || current.toSend.length > 0) throw new Error('still at work');
        expect(current.history.map(({ what }) => what)).toContain('redriven');
      },
      { everyMs: 100 },
    );
    for (const name of names.slice(1)) {
      const other = await world.stack.domain(name);
      expect(other?.history.map(({ what }) => what)).not.toContain('redriven');
    }
    // It failed again, as nothing has changed: with a dead letter of that try.
    expect(domainsOf(await listed())).toEqual(names.toSorted());
  });

  test('drop nothing where there is no terminal to ask on', async () => {
    const result = await world.relay(['dead-letters', 'drop', '--all']);
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toMatch(/^Nothing was dropped, because there is no terminal .*--yes\.$/m);
    expect(await listed()).toHaveLength(names.length);
  });

  test('ask in a terminal before one is dropped', async () => {
    const refused = world.terminal(['dead-letters', 'drop', '--domain', second]);
    await refused.shows('Drop this dead letter?');
    refused.type('n\r');
    expect(await refused.ended).toMatchObject({ code: 1 });
    expect(domainsOf(await listed('--domain', second))).toEqual([second]);

    const confirmed = world.terminal(['dead-letters', 'drop', '--domain', second]);
    await confirmed.shows('Drop this dead letter?');
    confirmed.type('y\r');
    expect(await confirmed.ended).toMatchObject({ code: 0 });
    expect(domainsOf(await listed())).toEqual(names.filter((name) => name !== second).toSorted());
  });

  test('drop many', async () => {
    const one = await world.relay(['dead-letters', 'drop', '--domain', third, '--yes', '--json']);
    expect(deadLettersIn(one)).toMatchObject([{ domain: third, outcome: 'dropped' }]);
    const rest = await world.relay(['dead-letters', 'drop', '--code', 'not-announced', '--yes', '--json']);
    expect(deadLettersIn(rest)).toHaveLength(names.length - 2);
    expect(await listed()).toEqual([]);
    const none = await world.relay(['dead-letters', 'retry', '--all']);
    expect(none).toMatchObject({
      code: 1,
      stderr: 'No such dead letter: relay dead-letters list shows all.\n',
    });
  });

  test.each([
    [['retry'], /^Say which dead letters: --domain, --code, --network or --all\.\n$/],
    [['drop', '--all', '--code', 'x'], /^--all excludes/],
    [['list', '--domain', 'bad_name'], /^--domain is not valid: it must not contain an underscore\.\n$/],
    [['list', '--url', 'https://relay.example.com'], /^This needs more than an address/],
  ])('bad usage: %j', async (args, sentence) => {
    const result = await world.relay(['dead-letters', ...args]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(sentence);
  });
});
