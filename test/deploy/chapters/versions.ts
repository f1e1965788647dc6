import { expect, test } from '@jest/globals';
import { type DeployedRelay, domain } from '../deployed-relay.ts';
import { serverless } from '../template/osls.ts';
import { deployArguments } from '../world.ts';

/** Later deploys of a relay that runs, and the way back. */
export function furtherDeploys(deployed: DeployedRelay): void {
  const { status } = deployed;

  test('a second deploy changes what was changed, and keeps the rest', async () => {
    const environment = { ...deployed.world.deployer.environment, ALARM_EMAIL: 'ops@example.org' };
    await serverless([...deployArguments, '--param', 'logLevel=WARN'], environment);
    const after = await deployed.world.account.inventory();
    const before = deployed.world.inventory;
    const levels = after.functions.map(({ Environment }) => Environment.Variables.LOG_LEVEL);
    expect(levels).toEqual(before.functions.map(() => 'WARN'));
    expect(after.tables).toEqual(before.tables);
    expect(after.functions.map(({ CodeSha256 }) => CodeSha256)).toEqual(
      before.functions.map(({ CodeSha256 }) => CodeSha256),
    );
    expect(after.queues.map(({ QueueArn }) => QueueArn)).toEqual(
      before.queues.map(({ QueueArn }) => QueueArn),
    );
    expect(await status(domain)).toHaveProperty('hosting');
  });

  test('a deploy from a shell without the alarm mail of the running stage stops', async () => {
    await expect(serverless(deployArguments, deployed.world.deployer.environment)).rejects.toThrow(
      'The alarms of stage prod are mailed to ops@example.org; this deploy would end that.',
    );
    const { functions } = await deployed.world.account.inventory();
    expect(functions.map(({ Environment }) => Environment.Variables.LOG_LEVEL)).not.toContain('INFO');
  });

  test('a rollback brings back the version before, with its settings', async () => {
    const where = deployArguments.slice(1);
    const listed = await serverless(['deploy', 'list', ...where], deployed.world.deployer.environment);
    const [, first = ''] = /Timestamp: (\d+)/.exec(listed) ?? [];
    await serverless(['rollback', ...where, '--timestamp', first], deployed.world.deployer.environment);
    const { functions } = await deployed.world.account.inventory();
    expect(functions.map(({ Environment }) => Environment.Variables.LOG_LEVEL)).not.toContain('WARN');
  });
}
