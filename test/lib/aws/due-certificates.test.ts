import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dynamoLedger } from '../../../lib/aws/ledger.ts';
import { certificateKey } from '../../../lib/sync/ledger/keys.ts';
import { certificate } from '../../contracts/ledger-items.ts';
import { type Dynalite, startDynalite } from '../../support/aws/dynalite.ts';

const OTHERS = 50;
let dynamo: Dynalite;

beforeAll(async () => {
  dynamo = await startDynalite();
});
afterAll(() => dynamo.close());

/** Rows that DynamoDB read from then on, those that a filter drops included: it bills all of them. */
function countRows({ client }: Dynalite) {
  const read = { rows: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const { output } = answer;
      if (context.commandName === QueryCommand.name && 'ScannedCount' in output) {
        read.rows += Number(output.ScannedCount);
      }
      return answer;
    },
    { step: 'initialize' },
  );
  return read;
}

test('the due certificates of a network are read without those of other networks', async () => {
  const ledger = dynamoLedger({ client: dynamo.client, table: await dynamo.table() });
  const due = { sendAt: 1_000, dueAt: 1_000 };
  for (let n = 0; n < OTHERS; n += 1) {
    const network = `other-${n}`;
    await ledger.write(
      certificateKey(network, 'a.example.com'),
      certificate('a.example.com', { network, ...due }),
      0,
    );
  }
  const read = countRows(dynamo);
  const asked = { until: 2_000, meant: () => true, limit: 10 };
  expect(await ledger.dueCertificates('default', asked)).toEqual([]);
  expect(read.rows).toBe(0);
  expect(await ledger.dueCertificates('other-7', asked)).toMatchObject([{ network: 'other-7' }]);
  expect(read.rows).toBe(1);
});
