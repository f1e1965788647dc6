import { expect, test } from '@jest/globals';
import { type DeployedRelay, otherShell, shell } from '../deployed-relay.ts';
import { blockWith, typeIn } from '../runbook.ts';
import { stage } from '../world.ts';

/** The end of the stack, by the handbook. */
export function retirement(deployed: DeployedRelay): void {
  test('removed as docs/operations/retire.md says, nothing is left but the secrets, which no stack made; then nothing', async () => {
    await typeIn(
      blockWith('serverless remove'),
      { ...deployed.world, account: deployed.world.deployer },
      shell,
    );
    const { secrets, ...rest } = await deployed.world.account.inventory();
    for (const left of Object.values(rest)) expect(Object.values(left)).toEqual([]);
    const named = [shell, otherShell].map(({ NETWORK }) => `runcloud-relay/${stage}/${NETWORK}`);
    expect(Object.keys(secrets).toSorted()).toEqual(named.toSorted());

    for (const variables of [shell, otherShell])
      await typeIn(blockWith('delete-secret'), deployed.world, variables);
    const left = Object.entries(await deployed.world.account.inventory());
    expect(left.filter(([, all]) => Object.keys(all).length > 0)).toEqual([]);
  });
}
