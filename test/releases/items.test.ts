import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { fromAttributes } from '../../lib/aws/item-attributes.ts';
import { itemSchemas } from '../../lib/aws/item-schemas.ts';
import { localDynamo } from '../../local/aws/clients.ts';
import { eventually } from '../support/eventually.ts';
import { type OutcomeReceiver, startReceiver } from '../support/stack/outcome-receiver.ts';
import { startTestStack, type TestStack } from '../support/stack/stack.ts';
import { itemsUntil, keyIn, type Released, type ReleasedItem, readReleased } from './released.ts';
import { apps, halted, names, network, ownDomain, patient, readToken, releaseWorld } from './world.ts';

/** The last release. */
const VERSION = '0.1.0';
const TWO_DAYS_MS = 2 * 86_400_000;

const rowSchema = z.object({
  network: z.string(),
  domain: z.string(),
  state: z.string(),
  runcloudId: z.object({ id: z.number() }),
});
const listSchema = z.object({
  domains: z.array(z.object({ domain: z.string(), hosting: z.object({ state: z.string() }) })),
  unreadable: z.array(z.string()).optional(),
});

function hasOpenWork({ dueAt, toSend }: ReleasedItem): boolean {
  return typeof dueAt === 'number' || (Array.isArray(toSend) && toSend.length > 0);
}

function isNamed(...items: readonly string[]) {
  return ({ item }: ReleasedItem) => items.includes(item);
}

describe(`the items of ${VERSION}`, () => {
  let released: Released;
  let receiver: OutcomeReceiver;
  let stack: TestStack;
  let client: DynamoDBClient;
  let table: string;

  /** RunCloud's rows as the last release left them. */
  const rowsOf = (of: string) =>
    released.items
      .filter(({ item }) => item.startsWith('domain#'))
      .flatMap((item) => rowSchema.safeParse(item).data ?? [])
      .filter((row) => row.network === of && row.state !== 'absent')
      .map(({ domain: name, runcloudId: { id } }) => ({ id, name }));

  const items = async (): Promise<ReleasedItem[]> => {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
    return Items.map((item) =>
      z.looseObject({ network: z.string(), item: z.string() }).parse(unmarshall(item)),
    );
  };

  beforeAll(async () => {
    released = await readReleased(VERSION);
    receiver = await startReceiver();
    const world = releaseWorld(receiver.url, 'false');
    for (const [server] of world.runcloud.workspaces.map(({ servers }) => servers)) {
      for (const app of server?.apps ?? []) {
        const [of = ''] = Object.entries(apps).find(([, id]) => id === app.id) ?? [];
        const there = new Set(app.domains.map(({ name }) => name));
        app.domains.push(...rowsOf(of).filter(({ name }) => !there.has(name)));
      }
    }
    stack = await startTestStack(world);
    for (const name of [...Object.values(names), ...Object.keys(apps).map(ownDomain)]) {
      stack.internet.dns.set(name, { A: ['127.0.0.1'] });
    }
    client = localDynamo(stack.endpoints.dynamo, stack.region);
    table = stack.resources.get('LedgerTable')?.ref ?? '';
    for (const item of itemsUntil(released, Date.now() - TWO_DAYS_MS)) {
      await client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    }
  });

  afterAll(async () => {
    client.destroy();
    await stack.close();
    await receiver.close();
  });

  test('are of every kind, and each is read', () => {
    const kinds = released.items.map((item) => keyIn(item).kind);
    expect(new Set(kinds)).toEqual(new Set(Object.keys(released.schemas)));
    // No kind is gone, or its items would lie there unread.
    expect(Object.keys(itemSchemas)).toEqual(expect.arrayContaining([...new Set(kinds)]));
    for (const item of released.items) {
      expect(fromAttributes(keyIn(item), marshall(item)).writes).toBe(item.writes);
    }
  });

  test('are listed', async () => {
    for (const of of Object.keys(apps)) {
      const answer = await fetch(`${stack.url}/${of}/domains`, {
        headers: { authorization: `Bearer ${readToken}` },
      });
      const { domains, unreadable } = listSchema.parse(await answer.json());
      const expected = released.items.filter(
        (item) => item.network === of && item.item.startsWith('domain#'),
      );
      expect(domains.map(({ domain }) => `domain#${domain}`).toSorted()).toEqual(
        expected.map(({ item }) => item).toSorted(),
      );
      expect(unreadable).toBeUndefined();
    }
  });

  test('are swept and settled: work that was open when the new version came is done', async () => {
    await eventually(
      async () => {
        const now = await items();
        const state = (of: string, item: string) =>
          now.find((one) => one.network === of && one.item === item)?.state;
        expect({
          stopped: state(halted, `domain#${names.stopped}`),
          leaving: state(patient, `domain#${names.leaving}`),
          later: state(network, `certificate#${names.waiting}`),
          taken: state(network, `certificate#${names.taken}`),
          served: state(network, `certificate#${names.served}`),
        }).toEqual({
          stopped: 'present',
          leaving: 'absent',
          later: 'valid',
          taken: 'valid',
          served: 'valid',
        });
        const open = now.filter(hasOpenWork).filter(({ item }) => item.startsWith('outcome#'));
        expect(open).toEqual([]);
      },
      { everyMs: 500 },
    );
    // A certificate moves into the index of its network (docs/decisions/0026).
    const moved = (await items()).filter(
      isNamed(...[names.waiting, names.taken, names.served].map((name) => `certificate#${name}`)),
    );
    expect(moved.map(({ certificatesOf, work }) => [certificatesOf, work])).toEqual(
      moved.map(() => [network, undefined]),
    );
    expect(moved).toHaveLength(3);
    // What had failed stays failed: no new version tries it again by itself.
    const failed = (await items()).filter(isNamed(`domain#${names.byHand}`));
    expect(failed).toMatchObject([{ state: 'failed' }]);
    expect(receiver.received.length).toBeGreaterThan(0);
  });

  test('can still be read by that release after this version has written them', async () => {
    const rules = new Map(
      Object.entries(released.schemas).map(([kind, schema]) => [kind, z.fromJSONSchema(schema)]),
    );
    const unreadable = (await items()).flatMap((item) => {
      // A kind that only this version knows is never read by that one.
      const read = rules.get(keyIn(item).kind)?.safeParse(item);
      return read === undefined || read.success
        ? []
        : [`${item.network} ${item.item}: ${read.error.message}`];
    });
    expect(unreadable).toEqual([]);
    // A number above 1 keeps older versions away (docs/releases.md).
    expect((await items()).filter(({ format = 1 }) => format !== 1)).toEqual([]);
  });

  test('its rules do not mind an attribute that they do not know, and mind a state', () => {
    const rules = z.fromJSONSchema(released.schemas.domain ?? {});
    const [domain] = released.items.filter(isNamed(`domain#${names.served}`));
    expect(rules.safeParse({ ...domain, addedLater: 1 }).success).toBe(true);
    expect(rules.safeParse({ ...domain, state: 'frozen' }).success).toBe(false);
  });
});
