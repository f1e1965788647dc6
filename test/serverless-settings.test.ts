import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { serverless } from './deploy/template/osls.ts';
import { newCheckout } from './serverless/checkout.ts';
import { startCloudFormation } from './support/aws/cloudformation.ts';

const printedSchema = z.object({
  resources: z.object({ Parameters: z.record(z.string(), z.object({ Default: z.string() })) }),
});

describe('what a deploy asks of its environment', () => {
  let checkout: string;

  beforeAll(async () => {
    checkout = await newCheckout();
    await writeFile(join(checkout, '.env.prod'), 'ALARM_EMAIL=ops@example.org\n');
  });

  afterAll(() => rm(checkout, { recursive: true }));

  const alarmEmail = async (environment: Readonly<Record<string, string>> = {}) => {
    const printed = await serverless(['print', '--stage', 'prod', '--format', 'json'], environment, checkout);
    const { resources } = printedSchema.parse(JSON.parse(printed));
    return resources.Parameters.AlarmEmail?.Default;
  };

  test('stands in the .env of its stage, so that the next deploy does not take it away', async () => {
    expect(await alarmEmail()).toBe('ops@example.org');
  });

  test('may be said otherwise by the shell', async () => {
    expect(await alarmEmail({ ALARM_EMAIL: 'night@example.org' })).toBe('night@example.org');
  });

  test.each(['deploy', 'remove'])('%s without a region stops before it calls AWS', async (command) => {
    await expect(serverless([command, '--stage', 'prod'], {}, checkout)).rejects.toThrow(
      'The AWS region is not known: add --region or set AWS_REGION.',
    );
  });

  test('a setting that no deploy can use stops it while it is packaged', async () => {
    const environment = { DRIFT_DRY_RUN: 'yes', RUNCLOUD_CALLS_ALARM: 'abc' };
    await expect(serverless(['package', '--stage', 'prod'], environment, checkout)).rejects.toThrow(
      /RUNCLOUD_CALLS_ALARM is "abc": write a whole number.*\nDRIFT_DRY_RUN is "yes": write true or false/,
    );
  });

  test('a package without the mail of the running stage is not deployed, from wherever it comes', async () => {
    await rm(join(checkout, '.env.prod'));
    const stack = 'runcloud-relay-prod';
    const running = { AlarmEmail: 'ops@example.org', DomainName: '' };
    await using closing = new AsyncDisposableStack();
    const cloudFormation = await startCloudFormation({ [stack]: {} }, { [stack]: running });
    closing.defer(() => cloudFormation.stop());
    const into = join(checkout, 'packaged');
    await serverless(['package', '--stage', 'prod', '--package', into], {}, checkout);
    const environment = {
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL: cloudFormation.endpoint,
    };
    const deploy = ['deploy', '--stage', 'prod', '--package', into, '--region', 'eu-central-1'];
    const ended = await serverless(deploy, environment, checkout).catch((error: unknown) => String(error));
    // The region is the deploy's, not one of the package.
    expect(ended).toContain('Deploying runcloud-relay to stage prod (eu-central-1)');
    expect(ended).toContain(
      'The alarms of stage prod are mailed to ops@example.org; this deploy would end that.',
    );
  });
});
