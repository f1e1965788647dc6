import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { createValues, putValues } from '../../../cli/target/secrets/secret-store.ts';
import type { Aws } from '../../../cli/target/services/aws.ts';
import { scriptedAws } from '../../support/aws/scripted-aws.ts';
import { startFaultyProxy } from '../../support/http/faulty-proxy.ts';

const tokenSchema = z.object({ ClientRequestToken: z.string().min(32) });

test.each([
  ['made', createValues],
  ['changed', putValues],
])(
  'a secret that is %s, and whose answer was lost, is repeated under the token by which AWS knows the call again',
  async (_what, write) => {
    const script = await scriptedAws(() => ({ status: 200, body: {} }));
    const proxy = await startFaultyProxy(script.endpoint);
    const aws: Aws = {
      secretPrefix: 'runcloud-relay/test/',
      alarmPrefix: undefined,
      logGroupPrefix: '',
      surroundings: {},
      client: () => ({
        endpoint: proxy.endpoint,
        region: 'eu-west-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
      output: () => '',
      hasOutput: () => false,
    };
    proxy.next('lose-answer');
    await write('acme', { RELAY_SECRET: 'new' }, aws);
    const tokens = script.bodies.map((body) => tokenSchema.parse(JSON.parse(body)).ClientRequestToken);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
    await proxy.close();
    await script.close();
  },
);
