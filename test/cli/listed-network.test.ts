import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listed } from '../../cli/actions/network/list.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { awsAt } from '../support/aws/aws-at.ts';
import { type ScriptedAnswer, scriptedAws } from '../support/aws/scripted-aws.ts';

let secrets: Awaited<ReturnType<typeof scriptedAws>>;
const state: { answer: ScriptedAnswer } = { answer: { status: 400, body: {} } };
beforeAll(async () => {
  secrets = await scriptedAws(() => state.answer);
});
afterAll(() => secrets.close());

function refuse(name: string): void {
  state.answer = { status: 400, body: { __type: name, message: 'not now' } };
}

test.each(['DecryptionFailure', 'InvalidRequestException'])(
  'a secret that nobody can read (%s) is listed as invalid, as the relay takes it',
  async (name) => {
    refuse(name);
    expect(await listed('demo', awsAt(secrets.endpoint), memoryLedger())).toMatchObject({
      network: 'demo',
      state: 'invalid',
      code: 'secret-invalid',
      reason: expect.stringContaining(name),
    });
  },
);

test('what one’s own AWS credentials may not read is no fault of the network', async () => {
  refuse('AccessDeniedException');
  await expect(listed('demo', awsAt(secrets.endpoint), memoryLedger())).rejects.toMatchObject({
    name: 'CommandFailed',
  });
});
