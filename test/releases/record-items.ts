import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { z } from 'zod';
import { itemSchemas } from '../../lib/aws/item-schemas.ts';
import { dynamoLedger } from '../../lib/aws/ledger.ts';
import { ComparedList } from '../../lib/sync/drift/compared-list.ts';
import { storeProgress } from '../../lib/sync/drift/progress.ts';
import { localDynamo } from '../../local/aws/clients.ts';
import { signatureHeaders } from '../support/api/sign.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/stack/outcome-receiver.ts';
import { startTestStack } from '../support/stack/stack.ts';
import { apps, halted, names, network, ownDomain, patient, relaySecret, releaseWorld } from './world.ts';

/**
 * Runs the relay of this checkout, and keeps what it writes into the ledger: an item of every kind, and the schema that it
 * reads each kind with. `node test/releases/record-items.ts 0.1.0`, in a checkout of that release (docs/releases.md).
 */
const [version] = process.argv.slice(2);
if (version === undefined) throw new Error('Name the version that writes the items');

await using closing = new AsyncDisposableStack();
const receiver = await startReceiver();
closing.defer(() => receiver.close());
const stack = await startTestStack(releaseWorld(receiver.url));
closing.defer(() => stack.close());
const { internet } = stack;
const client = localDynamo(stack.endpoints.dynamo, stack.region);
closing.defer(() => client.destroy());
const table = stack.resources.get('LedgerTable')?.ref ?? '';

async function items() {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: table, ConsistentRead: true }));
  return Items.map((item) => unmarshall(item));
}

const paths = { 'domain.added': 'domain-added', 'domain.removed': 'domain-removed' };

async function tell(of: string, type: keyof typeof paths, domain: string): Promise<void> {
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data: { domain } });
  const id = `msg_${type}_${domain}`.replaceAll('.', '_');
  const signed = signatureHeaders(body, { secrets: [relaySecret], id, nowMs: Date.now() });
  const headers = { 'content-type': 'application/json', ...signed };
  const { status } = await fetch(`${stack.url}/${of}/${paths[type]}`, { method: 'POST', headers, body });
  if (status !== 202) throw new Error(`${domain} was answered with ${status}`);
}

async function stands(item: string, state: string): Promise<void> {
  await eventually(async () => {
    const found = (await items()).find((one) => one.item === item);
    if (found?.state !== state) throw new Error(`${item} is ${JSON.stringify(found)}, not ${state}`);
  });
}

for (const of of Object.keys(apps)) internet.dns.set(ownDomain(of), { A: ['127.0.0.1'] });
for (const name of [names.served, names.byHand]) internet.dns.set(name, { A: ['127.0.0.1'] });
await tell(network, 'domain.added', names.served);
await stands(`certificate#${names.served}`, 'valid');
await tell(network, 'domain.added', names.waiting);
await stands(`certificate#${names.waiting}`, 'waiting-dns');
await tell(network, 'domain.added', names.removed);
await stands(`domain#${names.removed}`, 'present');
await tell(network, 'domain.removed', names.removed);
await stands(`domain#${names.removed}`, 'absent');
await tell(network, 'domain.removed', names.byHand);
await stands(`domain#${names.byHand}`, 'failed');
await tell(patient, 'domain.added', names.leaving);
await stands(`domain#${names.leaving}`, 'present');
await tell(patient, 'domain.removed', names.leaving);
await stands(`domain#${names.leaving}`, 'removing');
await tell(halted, 'domain.added', names.stopped);
await stands(`domain#${names.stopped}`, 'paused');
await tell(network, 'domain.added', names.taken);
await stands(`domain#${names.taken}`, 'present');
await eventually(async () => {
  const found = await items();
  if (!found.some(({ item, state }) => item.startsWith('outcome#') && state === 'done'))
    throw new Error('No outcome');
  if (!found.some(({ item }) => item === 'notices')) throw new Error('No notices');
});
// Only a list longer than one call leaves one of these.
await storeProgress(
  dynamoLedger({ client, table }),
  network,
  { serverId: '42', appId: '7' },
  {
    begunAt: Date.now(),
    unwanted: { count: 0, names: [] },
    unknown: { count: 1, names: [names.byHand] },
    reading: new ComparedList(),
  },
);

const schemas = Object.fromEntries(
  Object.entries(itemSchemas).map(([kind, schema]) => [kind, z.toJSONSchema(schema, { io: 'input' })]),
);
const sorted = (await items()).toSorted((a, b) =>
  `${a.network} ${a.item}`.localeCompare(`${b.network} ${b.item}`),
);
const file = join(import.meta.dirname, `${version}.json`);
await writeFile(file, `${JSON.stringify({ version, items: sorted, schemas }, null, 2)}\n`);
console.log(sorted.map(({ network: of, item, state }) => `${of} ${item} ${state ?? ''}`).join('\n'));
