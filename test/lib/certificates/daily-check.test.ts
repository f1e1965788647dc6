import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import { certificateKey, domainKey, networkKey } from '../../../lib/sync/ledger/keys.ts';
import type { Ledger } from '../../../lib/sync/ledger/ports.ts';
import { countedCalls } from '../../deploy/calls/counted-calls.ts';
import { type Dynalite, startDynalite } from '../../support/aws/dynalite.ts';
import { largeWorld, moveMessage, nameOf } from '../../support/certificates/large-world.ts';
import { countedLedger } from '../../support/sync/counted-ledger.ts';
import { DAY, HOUR, NETWORK, NOW, settledItem } from '../../support/sync/items.ts';

const COUNT = 1_000;
const EVERY_MS = DAY / COUNT;

/** A network that was checked before, and how often a check now asks the ledger, as docs/reference/cost.md counts it. */
async function checkedAt(world: Awaited<ReturnType<typeof largeWorld>>, below: Ledger) {
  const { ledger, asked } = countedLedger(below);
  await world.pass({}, { others: { ledger } });
  return { ...asked, counts: [asked.items + asked.queries, asked.writes, world.queue.deadLetters.length] };
}

describe('a daily check in a network of a thousand', () => {
  let dynamo: Dynalite;

  beforeAll(async () => {
    dynamo = await startDynalite();
  });
  afterAll(() => dynamo.close());

  test('reads what is due and nothing else, as often as docs/reference/cost.md says', async () => {
    const told = await countedCalls();
    const world = await largeWorld(COUNT);
    await checkedAt(world, world.ledger);
    await world.time.advance(EVERY_MS);
    const one = await checkedAt(world, world.ledger);
    expect(one).toMatchObject({ listed: 0, rows: 1 });
    expect(one.counts).toEqual(told.get('a daily check of one valid certificate of a thousand'));
    await world.time.advance(9 * EVERY_MS);
    const nine = await checkedAt(world, world.ledger);
    expect(nine).toMatchObject({ listed: 0, rows: 9 });
    expect(nine.counts).toEqual(told.get('of nine of them in the same pass'));
    expect((await world.request(nameOf(10))).dueAt).toBeGreaterThan(NOW + HOUR);
    expect((await world.request(nameOf(11))).dueAt).toBe(NOW + 11 * EVERY_MS);
  });

  test('finds what is due also when the sweep has put off its next message', async () => {
    const world = await largeWorld(COUNT);
    await moveMessage(world, nameOf(0));
    expect(await checkedAt(world, world.ledger)).toMatchObject({ listed: 0, rows: 1 });
    expect((await world.request(nameOf(0))).dueAt).toBeGreaterThan(NOW + HOUR);
  });

  test('asks as little of DynamoDB', async () => {
    const world = await largeWorld(COUNT);
    await world.pass();
    await world.time.advance(EVERY_MS);
    const stored = dynamoLedger({ client: dynamo.client, table: await dynamo.table() });
    for (let start = 0; start < COUNT; start += 10) {
      const names = Array.from({ length: 10 }, (_, n) => nameOf(start + n));
      await Promise.all(
        names.map(async (name) => {
          await stored.write(certificateKey(NETWORK, name), await world.request(name), 0);
          await stored.write(domainKey(NETWORK, name), settledItem({ domain: name }), 0);
        }),
      );
    }
    await stored.write(networkKey(NETWORK), await world.network(), 0);
    const asked = await checkedAt(world, stored);
    const told = await countedCalls();
    expect(asked).toMatchObject({ listed: 0, rows: 1 });
    expect(asked.counts).toEqual(told.get('a daily check of one valid certificate of a thousand'));
    const dueAtOf = async (n: number) => (await stored.read(certificateKey(NETWORK, nameOf(n))))?.item.dueAt;
    expect(await dueAtOf(1)).toBeGreaterThan(NOW + HOUR);
    expect(await dueAtOf(2)).toBe(NOW + 2 * EVERY_MS);
  });
});
