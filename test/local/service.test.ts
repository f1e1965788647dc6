import { appendFile, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { projectDir, serviceKey } from '../../local/service.ts';

describe('the key of the service that the stack on one machine keeps', () => {
  let checkout: string;

  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), 'service-test-'));
    for (const part of ['serverless.yml', 'infra']) {
      await cp(join(projectDir, part), join(checkout, part), { recursive: true });
    }
  });

  afterEach(() => rm(checkout, { recursive: true }));

  test('is the same for the same files, wherever they lie', async () => {
    expect(await serviceKey(checkout)).toBe(await serviceKey(projectDir));
  });

  test.each(['serverless.yml', 'infra/storage.yml', 'infra/functions.js'])(
    'changes with %s',
    async (file) => {
      const before = await serviceKey(checkout);
      await appendFile(join(checkout, file), '\n');
      expect(await serviceKey(checkout)).not.toBe(before);
    },
  );

  test('changes with a file that is added', async () => {
    const before = await serviceKey(checkout);
    await writeFile(join(checkout, 'infra', 'more.yml'), '');
    expect(await serviceKey(checkout)).not.toBe(before);
  });
});
