import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listed } from '../../cli/actions/network/list.ts';
import type { Aws } from '../../cli/target/services/aws.ts';
import { memoryLedger } from '../doubles/ledger.ts';
import { type ScriptedAnswer, scriptedAws } from '../support/aws/scripted-aws.ts';

let secrets: Awaited<ReturnType<typeof scriptedAws>>;
const state: { answer: ScriptedAnswer } = { answer: { status: 400, body: {} } };
beforeAll(async () => {
  secrets = await scriptedAws(() => state.answer);
});
afterAll(() => secrets.close());

function aws(): Aws {
  return {
    secretPrefix: 'runcloud-relay/test/',
    alarmPrefix: undefined,
    logGroupPrefix: '/aws/lambda/',
    surroundings: {},
    client: () => ({
      region: 'eu-west-1',
      endpoint: secrets.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    }),
    hasOutput: () => true,
    output: (key) => key,
  };
}

function refuse(name: string): void {
  state.answer = { status: 400, body: { __type: name, message: 'not now' } };
}

test.each(['DecryptionFailure', 'InvalidRequestException'])(
  'a secret that nobody can read (%s) is listed as invalid, as the relay takes it',
  async (name) => {
    refuse(name);
    expect(await listed('demo', aws(), memoryLedger())).toMatchObject({
      network: 'demo',
      state: 'invalid',
      code: 'secret-invalid',
      reason: expect.stringContaining(name),
    });
  },
);

test('what one’s own AWS credentials may not read is no fault of the network', async () => {
  refuse('AccessDeniedException');
  await expect(listed('demo', aws(), memoryLedger())).rejects.toMatchObject({ name: 'CommandFailed' });
});
