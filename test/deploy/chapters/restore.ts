import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { ledgerTable } from '../../../lib/aws/table.ts';
import { type DeployedRelay, domain, otherShell, shell } from '../deployed-relay.ts';
import { awsBlocks, blockWith, commandsOf, deployCommand, typeIn } from '../runbook.ts';

const tableSchema = z.object({
  Table: z.looseObject({
    AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  }),
});
/** The handbook's commands, typed into a shell as they stand there. */
export function handbookAndRestore(deployed: DeployedRelay): void {
  const { sweep, hosted, status } = deployed;

  test('what the handbook has an operator type into a shell with AWS ends well', async () => {
    const deleted = blockWith('delete-secret');
    const restored = blockWith('restore-secret');
    const elsewhere = [deployCommand(), blockWith('serverless remove'), deleted, restored];
    for (const block of awsBlocks.filter((one) => !elsewhere.includes(one))) {
      const printed = await typeIn(
        block,
        deployed.world,
        block.includes('secretsmanager') ? otherShell : shell,
      );
      expect(printed.trim()).not.toBe('');
    }
    // Only a deleted secret can be restored.
    await typeIn(deleted, deployed.world, otherShell);
    await typeIn(restored, deployed.world, otherShell);
  });

  test('the ledger of prod is not deleted by a slip', async () => {
    const slip = typeIn(
      'aws dynamodb delete-table --table-name "$(output LedgerTableName)"',
      deployed.world,
      shell,
    );
    await expect(slip).rejects.toThrow(/protect/i);
    expect((await deployed.world.account.inventory()).tables).toHaveLength(1);
  });

  /** The command line as an operator uses it who answers each question with yes, and does not wait for passes: none runs here. */
  const answered =
    'relay() { case "$*" in *copy-back*) set -- "$@" --wait 0;; esac; npm run relay --silent -- --stage "$STAGE" "$@" --yes; }';
  const type = (commands: string) => typeIn(`${answered}\n${commands}`, deployed.world, shell);

  test('a damaged ledger is restored and copied back as docs/operations/restore.md says', async () => {
    const blocks = await commandsOf('operations/restore.md', 'The ledger is damaged');
    const [restore = '', copyBack = '', bringIn = '', drop = '', ...others] = blocks;
    expect(others).toEqual([]);
    const before = hosted();
    await type(restore);
    await type(copyBack);
    expect(await type('relay network list')).toMatch(/paused .*ledger-restored/);
    await sweep();
    await deployed.world.relay.deliver();
    expect(await status(domain)).toMatchObject({ hosting: { state: 'paused', reason: 'ledger-restored' } });
    expect(hosted()).toEqual(before);
    // The list goes to the API over HTTP, which has no address here: test/cli/restore.test.ts brings one in.
    const [, goOn = ''] = /^(relay network resume .*)$/m.exec(bringIn) ?? [];
    await type(goOn);
    expect(await type('relay network list')).not.toContain('ledger-restored');
    expect(hosted()).toEqual(before);
    await type(drop);
    expect((await deployed.world.account.inventory()).tables).toHaveLength(1);
  });

  test('a ledger that is gone is restored under its name, and protected again', async () => {
    const [{ TableName: ledger = '' } = {}] = (await deployed.world.account.inventory()).tables;
    // AWS keeps such a backup by itself when a table is deleted.
    await type(`aws dynamodb create-backup --table-name ${ledger} --backup-name last
      aws dynamodb update-table --table-name ${ledger} --no-deletion-protection-enabled
      aws dynamodb delete-table --table-name ${ledger}`);
    const [restore = '', protect = ''] = await commandsOf('operations/restore.md', 'The ledger is gone');
    await type(restore);
    const tables = async () => (await deployed.world.account.inventory()).tables;
    expect(await tables()).toMatchObject([{ TableName: ledger, DeletionProtectionEnabled: false }]);
    await type(protect);
    expect(await tables()).toMatchObject([{ TableName: ledger, DeletionProtectionEnabled: true }]);
    const settings = await type(`aws dynamodb describe-time-to-live --table-name ${ledger}
      aws dynamodb describe-continuous-backups --table-name ${ledger}`);
    expect(settings).toMatch(/"TimeToLiveStatus": "ENABLED",\s+"AttributeName": "expiresAt"/);
    expect(settings).toMatch(/"PointInTimeRecoveryStatus": "ENABLED"/);
    // The ledger still names the table that is gone, so its network goes on only once it is resumed in this one.
    await type('relay network resume "$NETWORK"');
    expect(await type('relay network list')).not.toContain('ledger-restored');
    expect(await status(domain)).toHaveProperty('hosting');
  });

  test('an empty ledger is made as docs/operations/restore.md says, and is the one of the template', async () => {
    const [{ TableName: ledger = '' } = {}] = (await deployed.world.account.inventory()).tables;
    await type(`aws dynamodb update-table --table-name ${ledger} --no-deletion-protection-enabled
      aws dynamodb delete-table --table-name ${ledger}`);
    const create = (await commandsOf('operations/restore.md', 'The ledger is gone')).at(-1) ?? '';
    const [made = ''] = create.split(/^relay sync /m);
    await type(`LEDGER=${ledger}\n${made}`);
    const { Table } = tableSchema.parse(
      JSON.parse(await type(`aws dynamodb describe-table --table-name ${ledger}`)),
    );
    const { AttributeDefinitions = [], KeySchema, GlobalSecondaryIndexes } = ledgerTable(ledger);
    expect(Table).toMatchObject({ KeySchema, GlobalSecondaryIndexes, DeletionProtectionEnabled: true });
    const byName = (a: { AttributeName?: string | undefined }, b: { AttributeName?: string | undefined }) =>
      String(a.AttributeName).localeCompare(String(b.AttributeName));
    expect(Table.AttributeDefinitions.toSorted(byName)).toEqual(AttributeDefinitions.toSorted(byName));
  });
}
