import { expect, test } from '@jest/globals';
import { missingRights, unusedRights } from '../calls/rights.ts';
import type { DeployedRelay } from '../deployed-relay.ts';
import { cloudformationCalls } from '../deployer/cloudformation-calls.ts';
import { publishedRights, staleFeatures } from '../deployer/published-rights.ts';
import { resolved } from '../template/resolved.ts';
import { keyArn, placeOf, stage } from '../world.ts';

/** What the deployer and the boundary of the roles allow, against all calls that were made. */
export function rightsOfDeployer(deployed: DeployedRelay): void {
  test('the deployer was allowed all that it did, and may do nothing that no deploy needs', async () => {
    const { policy, boundaryArn, proxy, sizes } = deployed.world.deployer;
    expect(proxy.troubles).toEqual([]);
    const everything = resolved(deployed.world.relay.template, {
      AlarmEmail: 'ops@example.org',
      DomainName: 'relay.network.example',
      KmsKeyArn: keyArn,
      RolesBoundaryArn: boundaryArn,
      ReservedConcurrency: 'true',
      ShowDashboard: 'true',
    });
    const types = [...new Set(Object.values(everything.Resources).map(({ Type }) => Type))];
    const published = await publishedRights(deployed.world.tools, types);
    expect(staleFeatures(published)).toEqual([]);
    const stack = `runcloud-relay-${stage}`;
    const place = placeOf(deployed.world.inventory);
    const calls = [
      // It asks who it is without a right, and takes no for an answer where it looks for images.
      ...proxy.calls.filter(
        ({ action }) => !/^(sts:GetCallerIdentity|ecr:DescribeRepositories)$/.test(action),
      ),
      ...cloudformationCalls(everything, published, { stack, place, boundaryArn, keyArn }),
    ];
    expect(missingRights(policy, calls)).toEqual([]);
    expect(unusedRights(policy, calls)).toEqual([]);
    // IAM takes no longer policy.
    for (const size of sizes) expect(size).toBeLessThan(6_144);
  });

  test("the boundary of the functions' roles allows what these allow, and nothing else", () => {
    const { boundary } = deployed.world.deployer;
    const rights = Object.values(deployed.world.inventory.roles)
      .flat()
      .flatMap(({ Action, Resource }) =>
        Action.flatMap((action) => Resource.map((resource) => ({ action, resource, leadingKeys: [] }))),
      );
    const ofKey = ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ({
      action,
      resource: keyArn,
      leadingKeys: [],
    }));
    expect(rights.length).toBeGreaterThan(50);
    expect(missingRights(boundary, [...rights, ...ofKey])).toEqual([]);
    expect(unusedRights(boundary, [...rights, ...ofKey])).toEqual([]);
  });

  test('the deployer makes no role without the boundary, and reaches no other stage', () => {
    const { policy, boundaryArn } = deployed.world.deployer;
    const { accountId } = placeOf(deployed.world.inventory);
    const role = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;
    const own = role(`runcloud-relay-${stage}-SweepRole-1A2B3C4D5E6F`);
    const other = role('runcloud-relay-staging-SweepRole-1A2B3C4D5E6F');
    const bounded = { 'iam:PermissionsBoundary': boundaryArn };
    const calls = [
      { action: 'iam:CreateRole', resource: own },
      {
        action: 'iam:PutRolePolicy',
        resource: own,
        context: { 'iam:PermissionsBoundary': `${boundaryArn}-2` },
      },
      { action: 'iam:CreateRole', resource: other, context: bounded },
      { action: 'iam:DeleteRolePermissionsBoundary', resource: own, context: bounded },
      { action: 'iam:CreatePolicyVersion', resource: boundaryArn },
      { action: 'iam:PassRole', resource: own, context: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      { action: 'lambda:UpdateFunctionCode', resource: 'arn:aws:lambda:eu-west-1:1:function:another' },
      {
        action: 'logs:DeleteLogGroup',
        resource: `arn:aws:logs:eu-west-1:${accountId}:log-group:/aws/http-api/runcloud-relay-production`,
      },
      { action: 'secretsmanager:GetSecretValue', resource: '*' },
    ].map((call) => ({ ...call, leadingKeys: [] }));
    expect(missingRights(policy, calls)).toHaveLength(calls.length);
  });
}
