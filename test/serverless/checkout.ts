import { copyFile, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectDir } from '../../local/service.ts';

/**
 * A checkout of the service alone, to be removed by whoever made it. `serverless package` builds inside of it, where two at once would
 * take each other's files away.
 */
export async function newCheckout(): Promise<string> {
  const checkout = await mkdtemp(join(tmpdir(), 'serverless-checkout-'));
  await copyFile(join(projectDir, 'serverless.yml'), join(checkout, 'serverless.yml'));
  for (const file of ['functions', 'infra', 'lib', 'node_modules', 'package.json']) {
    await symlink(join(projectDir, file), join(checkout, file));
  }
  return checkout;
}
