import { copyFile, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { projectDir } from '../local/service.ts';
import { serverless } from './deploy/osls.ts';

const printedSchema = z.object({
  resources: z.object({ Parameters: z.record(z.string(), z.object({ Default: z.string() })) }),
});

describe('what a deploy asks of its environment', () => {
  let checkout: string;

  beforeAll(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'serverless-settings-'));
    await copyFile(join(projectDir, 'serverless.yml'), join(checkout, 'serverless.yml'));
    for (const file of ['infra', 'node_modules', 'package.json']) {
      await symlink(join(projectDir, file), join(checkout, file));
    }
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
});
