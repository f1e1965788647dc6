import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { createValues, putValues, readValues } from '../../../cli/target/secrets/secret-store.ts';
import { proxiedAws } from '../../support/aws/proxied-aws.ts';
import { scriptedAws } from '../../support/aws/scripted-aws.ts';

const tokenSchema = z.object({ ClientRequestToken: z.string().min(32) });

test.each([
  ['made', createValues],
  ['changed', putValues],
])(
  'a secret that is %s, and whose answer was lost, is repeated under the token by which AWS knows the call again',
  async (_what, write) => {
    const script = await scriptedAws(() => ({ status: 200, body: {} }));
    const { aws, proxy } = await proxiedAws(script.endpoint, { secretPrefix: 'runcloud-relay/test/' });
    proxy.next('lose-answer');
    await write('acme', { RELAY_SECRET: 'new' }, aws);
    const tokens = script.bodies.map((body) => tokenSchema.parse(JSON.parse(body)).ClientRequestToken);
    expect(tokens).toHaveLength(2);
    expect(new Set(tokens).size).toBe(1);
    await proxy.close();
    await script.close();
  },
);

test('a network that was removed, and is to be added again, is told how to restore its secret', async () => {
  const body = { __type: 'InvalidRequestException', message: 'scheduled for deletion' };
  const script = await scriptedAws(() => ({ status: 400, body }));
  const { aws, proxy } = await proxiedAws(script.endpoint, { secretPrefix: 'runcloud-relay/test/' });
  await expect(readValues('acme', aws)).rejects.toThrow(
    /^AWS did not answer with the secret runcloud-relay\/test\/acme .*aws secretsmanager restore-secret/,
  );
  await proxy.close();
  await script.close();
});
