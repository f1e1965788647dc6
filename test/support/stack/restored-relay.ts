import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateScan,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { announcementDir } from '../../../cli/target/announcement.ts';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import { identityKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import { updateItem } from '../../../lib/sync/ledger/updates/update.ts';
import { announce } from '../../../local/announce.ts';
import { localDynamo } from '../../../local/aws/clients.ts';
import { type Stack, startStack } from '../../../local/stack.ts';
import { startInternet } from '../../../local/world/internet.ts';
import { cliEntry, startProgram, startRelayCli } from './relay-cli.ts';
import { ledgerNameOf } from './restored-table.ts';
import { secretOfNetwork, workspace } from './stack.ts';

/** All that a table holds, in the order in which it is put back: the id of its table first. */
export type Backup = readonly Record<string, AttributeValue>[];

/** A relay whose table can be lost and restored, with a RunCloud that outlives it. */
export type RestoredRelay = Awaited<ReturnType<typeof restoredRelay>>;

async function scanned(client: DynamoDBClient, table: string): Promise<Backup> {
  const items: Record<string, AttributeValue>[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) items.push(...Items);
  const isIdentity = ({ item }: Record<string, AttributeValue>) => item?.S === identityKey.item;
  return [...items.filter(isIdentity), ...items.filter((item) => !isIdentity(item))];
}

const DAY_MS = 24 * 3_600_000;

/** The same backup a day later: the comparison that the network's item plans is due, and no domain was written lately. */
function aDayOld(backup: Backup, now: number): Backup {
  return backup.map((attributes) => {
    if (attributes.item?.S?.startsWith('domain#')) {
      const { since, wroteAt, ...rest } = unmarshall(attributes);
      const at = new Date(Date.parse(z.string().parse(since)) - DAY_MS).toISOString();
      return marshall({ ...rest, since: at, wroteAt: z.number().parse(wroteAt) - DAY_MS });
    }
    if (attributes.item?.S !== 'network') return attributes;
    const due = { comparison: { dueAt: now - 1, begunAt: null }, dueAt: now - 1, sendAt: now - 1 };
    return marshall({ ...unmarshall(attributes), ...due, work: 'network' });
  });
}

/** Stacks follow each other: every one begins with an empty table, under the same name and with an id of its own. */
export async function restoredRelay() {
  const closing = new AsyncDisposableStack();
  const temporary = await mkdtemp(join(tmpdir(), 'restored-relay-'));
  closing.defer(() => rm(temporary, { recursive: true }));
  const secretsFile = join(temporary, 'secrets.json');
  const acme = secretOfNetwork({ RELAY_READ_TOKEN: 'read-token-of-the-test-network-01234' });
  await writeFile(secretsFile, JSON.stringify({ acme }));
  const runcloud = { workspaces: [workspace], switches: { callsPerMinute: 6_000 } };
  const internet = await startInternet({ runcloud, closing });
  let stack: Stack | undefined;
  let client: DynamoDBClient | undefined;
  closing.defer(async () => {
    client?.destroy();
    await stack?.close();
  });

  const running = () => {
    if (stack === undefined || client === undefined) throw new Error('No relay was started');
    return { stack, client, table: ledgerNameOf(stack) };
  };
  return {
    temporary,
    runcloud: internet.runcloud,
    /** Ends the stack that runs, and starts one with an empty table. */
    start: async (): Promise<void> => {
      client?.destroy();
      await stack?.close();
      stack = await startStack({
        port: 0,
        secretsFile,
        runcloud: { url: internet.runcloud.url },
        environment: internet.environment,
        retryBaseSeconds: 0.1,
        certificateRetryBaseSeconds: 3_600,
        sweepEveryMs: 200,
      });
      client = localDynamo(stack.endpoints.dynamo, stack.region);
      await announce(stack, announcementDir(temporary));
    },
    ledger: () => running().stack.ledger,
    tableId: async (): Promise<string> => {
      const { client: of, table } = running();
      const { Table } = await of.send(new DescribeTableCommand({ TableName: table }));
      return Table?.TableId ?? '';
    },
    backUp: () => scanned(running().client, running().table),
    /** What a restore of a backup of yesterday leaves under the table's name. `ownedBy`: the table that it claims to be. */
    restore: async (backup: Backup, ownedBy?: string): Promise<void> => {
      const { client: of, table } = running();
      // A table that is restored is whole before a worker reads it: here the network, whose comparison is due, comes last.
      const items = aDayOld(backup, Date.now());
      const isNetwork = ({ item }: (typeof items)[number]) => item?.S === networkKey('acme').item;
      for (const item of [...items.filter((it) => !isNetwork(it)), ...items.filter(isNetwork)]) {
        const isIdentity = item.item?.S === identityKey.item;
        const Item = isIdentity && ownedBy !== undefined ? { ...item, tableId: { S: ownedBy } } : item;
        await of.send(new PutItemCommand({ TableName: table, Item }));
      }
    },
    /** Makes the daily comparison due. */
    compare: async (): Promise<void> => {
      const { client: of, table } = running();
      const now = Date.now();
      const due = { comparison: { dueAt: now - 1, begunAt: null }, dueAt: now - 1, sendAt: now - 1 };
      await updateItem(dynamoLedger({ client: of, table }), networkKey('acme'), (item) => ({
        ...(item && { write: { ...item, ...due } }),
        result: undefined,
      }));
    },
    relay: (args: readonly string[]) => startRelayCli(args, temporary).result,
    /** Commands of the handbook, typed by an operator who answers each question with yes. */
    typeIn: (commands: string) => {
      const relay = `relay() { node "${cliEntry}" "$@" --yes; }`;
      const script = `set -eo pipefail; cd "$TMPDIR"; ${relay}\n${commands}`;
      return startProgram('bash', ['-c', script], temporary, { env: { NETWORK: 'acme' } }).result;
    },
    close: () => closing.disposeAsync(),
  };
}
