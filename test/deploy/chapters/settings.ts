import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { projectDir } from '../../../local/service.ts';
import type { DeployedRelay } from '../deployed-relay.ts';
import { run } from '../run.ts';

/** What CloudFormation was given, and what it made of it. */
export function settingsOfDeploy(deployed: DeployedRelay): void {
  const { nameOf } = deployed;

  test('cfn-lint finds no error in what was uploaded', async () => {
    const [[bucket = '', keys = []] = []] = Object.entries(deployed.world.inventory.buckets);
    const key = keys.find((one) => one.endsWith('compiled-cloudformation-template.json')) ?? '';
    const file = join(deployed.dir, 'template.json');
    await writeFile(file, await deployed.world.account.download(bucket, key));
    // What CloudFormation takes from a bucket.
    expect((await stat(file)).size).toBeLessThan(1_000_000);
    // W3005 is about dependencies that osls writes down twice.
    const lint = [
      '--regions',
      'eu-west-1',
      '--ignore-checks',
      'W3005',
      '--non-zero-exit-code',
      'error',
      '--',
    ];
    await run(deployed.world.tools.cfnLint, [...lint, file]);
    // Actions that IAM does not know, and resources that an action does not take, are found too.
    const strict = ['--include-checks', 'I', '--non-zero-exit-code', 'informational', '--'];
    await run(deployed.world.tools.cfnLint, [...strict, join(projectDir, 'infra', 'deployer.yml')]);
  });

  test('everything is there, with the settings that were deployed', () => {
    const { functions, eventSources, queues, logGroups, rules, topics, dashboards, tables } =
      deployed.world.inventory;
    const names = ['connection', 'domain-added', 'domain-removed', 'domain-status', 'secure-domains'];
    expect(functions.map(({ FunctionName }) => FunctionName).toSorted()).toEqual(
      [...names, 'post-outcome', 'ssl-retry', 'sweep', 'sync-domain'].map(nameOf).toSorted(),
    );
    expect(eventSources).toHaveLength(3);
    for (const { FunctionArn, BatchSize, FunctionResponseTypes, ScalingConfig } of eventSources) {
      expect(BatchSize).toBe(1);
      expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
      expect(ScalingConfig.MaximumConcurrency).toBe(FunctionArn.endsWith('-sync-domain') ? 3 : 2);
    }
    expect(queues).toHaveLength(6);
    for (const { SqsManagedSseEnabled } of queues) expect(SqsManagedSseEnabled).toBe('true');
    const redriven = queues.filter(({ RedrivePolicy }) => RedrivePolicy?.includes('"maxReceiveCount": 5'));
    expect(redriven).toHaveLength(3);
    expect(logGroups).toHaveLength(functions.length + 1);
    expect(rules).toMatchObject([{ ScheduleExpression: 'rate(1 minute)' }]);
    expect(topics).toHaveLength(2);
    expect(dashboards).toEqual([nameOf('').slice(0, -1)]);
    expect(tables).toMatchObject([{ DeletionProtectionEnabled: true }]);
  });
}
