import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { listed } from '../../cli/actions/network/list.ts';
import { freshNetwork } from '../../lib/sync/ledger/items/network-item.ts';
import { networkKey } from '../../lib/sync/ledger/keys.ts';
import { secretOf } from '../contracts/secrets.ts';
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

test.each(['paused', 'secret-invalid'] as const)(
  'a network whose secret is right again is paused (%s) until its next probe, and no longer for what the secret said',
  async (code) => {
    state.answer = { status: 200, body: { SecretString: JSON.stringify(secretOf()) } };
    const ledger = memoryLedger();
    const since = '2026-03-01T02:00:00.000Z';
    const pause = { code, message: 'PAUSED is set', since, probeAt: Date.UTC(2026, 2, 1, 2, 15) };
    ledger.put(networkKey('demo'), { ...freshNetwork('demo'), pause });
    expect(await listed('demo', awsAt(secrets.endpoint), ledger)).toEqual({
      network: 'demo',
      state: 'paused',
      code,
      reason: 'the secret is fixed, and the network reads it again with its next probe',
      since,
      nextProbeAt: '2026-03-01T02:15:00.000Z',
    });
  },
);
