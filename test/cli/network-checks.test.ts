import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { networkChecks } from '../../cli/actions/doctor/network-checks.ts';
import { awsAt } from '../support/aws/aws-at.ts';
import { type ScriptedAnswer, scriptedAws } from '../support/aws/scripted-aws.ts';

let secrets: Awaited<ReturnType<typeof scriptedAws>>;
const state: { answer: ScriptedAnswer } = { answer: { status: 400, body: {} } };
beforeAll(async () => {
  secrets = await scriptedAws(() => state.answer);
});
afterAll(() => secrets.close());

const io = { now: () => 0, sleep: () => Promise.resolve(), signal: new AbortController().signal };

test.each(['DecryptionFailure', 'InvalidRequestException', 'AccessDeniedException'])(
  'a secret that AWS does not give (%s) is one check, so those of other networks follow',
  async (name) => {
    state.answer = { status: 400, body: { __type: name, message: 'not now' } };
    const checks = await networkChecks(
      'demo',
      () => Promise.reject(new Error('unused')),
      awsAt(secrets.endpoint),
      io,
    );
    expect(checks).toEqual([
      {
        network: 'demo',
        name: 'secret',
        state: 'not-answered',
        detail: expect.stringContaining(name),
        fix: expect.any(String),
      },
    ]);
  },
);
