import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { readService } from '../../local/service.ts';
import { startCloudFormation } from '../support/aws/cloudformation.ts';
import { startTableSettings, type TableSettings } from '../support/aws/table-settings.ts';
import { startRelayCli } from '../support/stack/relay-cli.ts';

const restored: TableSettings = { timeToLive: null, pointInTimeRecovery: false, deletionProtection: false };
const settings: TableSettings = { ...restored };
const closing = new AsyncDisposableStack();
let asked: string[];
let protect: (stage: string) => ReturnType<typeof startRelayCli>['result'];

beforeAll(async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'relay-protect-'));
  closing.defer(() => rm(temporary, { recursive: true }));
  const outputs = { HttpApiUrl: 'http://127.0.0.1:1', LedgerTableName: 'ledger' };
  const cloudFormation = await startCloudFormation({
    'runcloud-relay-prod': { ...outputs, LedgerDeletionProtection: 'true' },
    'runcloud-relay-dev': { ...outputs, LedgerDeletionProtection: 'false' },
    'runcloud-relay-gone': { ...outputs, LedgerTableName: 'no-such-table' },
  });
  closing.defer(() => cloudFormation.stop());
  const dynamo = await startTableSettings('ledger', settings);
  closing.defer(() => dynamo.stop());
  asked = dynamo.asked;
  const env = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: dynamo.endpoint,
  };
  protect = (stage) =>
    startRelayCli(['backup', 'protect', '--stage', stage, '--json'], temporary, { env }).result;
});
beforeEach(() => {
  Object.assign(settings, restored);
  asked.splice(0);
});
afterAll(() => closing.disposeAsync());

test('sets what a restored table of prod lacks, as the template has it; then nothing', async () => {
  const first = await protect('prod');
  expect(first).toMatchObject({ code: 0 });
  expect(JSON.parse(first.stdout)).toEqual({
    timeToLive: 'set',
    pointInTimeRecovery: 'set',
    deletionProtection: 'set',
  });
  const { resources } = await readService();
  const templateSchema = z.object({
    TimeToLiveSpecification: z.object({ AttributeName: z.string() }),
    PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }),
  });
  const template = templateSchema.parse(resources.Resources.LedgerTable?.Properties);
  expect(settings).toEqual({
    timeToLive: template.TimeToLiveSpecification.AttributeName,
    pointInTimeRecovery: template.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
    deletionProtection: true,
  });
  asked.splice(0);
  const second = await protect('prod');
  expect(second.stderr).toContain('Nothing to change.');
  expect(asked.filter((operation) => operation.startsWith('Update'))).toEqual([]);
});

test('a stage that may be removed by one command stays so', async () => {
  expect(await protect('dev')).toMatchObject({ code: 0 });
  expect(settings).toMatchObject({ pointInTimeRecovery: true, deletionProtection: false });
});

test('a table that is not there is told with the next step', async () => {
  const { code, stderr } = await protect('gone');
  expect({ code, stderr }).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /^AWS did not answer with the time to live of the ledger \(ResourceNotFound/,
    ),
  });
});
