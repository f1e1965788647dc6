import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { type Io, say } from '../../io.ts';
import type { GlobalOptions } from '../../options.ts';
import { printJson } from '../../output/json.ts';
import { findTarget } from '../../target/find-target.ts';
import type { Aws } from '../../target/services/aws.ts';
import { awsFailure } from '../../target/services/aws-failure.ts';

/** As infra/storage.yml names it. */
const EXPIRES_AT = 'expiresAt';

/** `unsupported`: an emulator does not know it. */
type State = 'set' | 'unchanged' | 'unsupported';

/** What a restore leaves out of the settings of a table. */
export interface Protections {
  readonly timeToLive: State;
  readonly pointInTimeRecovery: State;
  readonly deletionProtection: State;
}

async function timeToLive(client: DynamoDBClient, TableName: string): Promise<State> {
  const { TimeToLiveDescription: now } = await client.send(new DescribeTimeToLiveCommand({ TableName }));
  if (now?.TimeToLiveStatus === 'ENABLED' || now?.TimeToLiveStatus === 'ENABLING') return 'unchanged';
  const TimeToLiveSpecification = { AttributeName: EXPIRES_AT, Enabled: true };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
  return 'set';
}

async function pointInTimeRecovery(client: DynamoDBClient, TableName: string): Promise<State> {
  const { ContinuousBackupsDescription: now } = await client.send(
    new DescribeContinuousBackupsCommand({ TableName }),
  );
  if (now?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED') return 'unchanged';
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  return 'set';
}

/** A stage that may be removed by one command stays so. */
async function deletionProtection(client: DynamoDBClient, TableName: string, aws: Aws): Promise<State> {
  const output = 'LedgerDeletionProtection';
  // A boolean of the template, which an emulator may show in capitals.
  const isWanted = aws.hasOutput(output) && aws.output(output).toLowerCase() === 'true';
  if (!isWanted) return 'unchanged';
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  if (Table?.DeletionProtectionEnabled === true) return 'unchanged';
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
  return 'set';
}

async function tried(what: string, set: () => Promise<State>): Promise<State> {
  try {
    return await set();
  } catch (error) {
    if (error instanceof Error && error.name === 'UnknownOperationException') return 'unsupported';
    throw awsFailure(error, what);
  }
}

/** Sets what a restored table lacks: time to live, recovery to a point in time, and in prod the protection against deletion. */
export async function protectLedger(aws: Aws): Promise<Protections> {
  const client = new DynamoDBClient(aws.client('dynamodb'));
  const table = aws.output('LedgerTableName');
  try {
    // One after the other: DynamoDB takes one change of a table at a time.
    return {
      timeToLive: await tried('the time to live of the ledger', () => timeToLive(client, table)),
      pointInTimeRecovery: await tried('the backups of the ledger', () => pointInTimeRecovery(client, table)),
      deletionProtection: await tried('the protection of the ledger', () =>
        deletionProtection(client, table, aws),
      ),
    };
  } finally {
    client.destroy();
  }
}

const names = {
  timeToLive: 'time to live',
  pointInTimeRecovery: 'point-in-time recovery',
  deletionProtection: 'deletion protection',
} as const;

export function sayProtections(
  { timeToLive: ttl, pointInTimeRecovery: recovery, deletionProtection: protection }: Protections,
  io: Io,
): void {
  const states = [
    [names.timeToLive, ttl],
    [names.pointInTimeRecovery, recovery],
    [names.deletionProtection, protection],
  ] as const;
  const set = states.filter(([, state]) => state === 'set').map(([name]) => name);
  const unsupported = states.filter(([, state]) => state === 'unsupported').map(([name]) => name);
  if (set.length > 0) say(io, `Set on the ledger: ${set.join(', ')}`);
  if (unsupported.length > 0) say(io, `Not known to this DynamoDB: ${unsupported.join(', ')}`);
}

/** Sets on the relay's ledger what a restore has left out. */
export async function protect(options: GlobalOptions, io: Io): Promise<void> {
  const target = await findTarget(options, io);
  const protections = await protectLedger(await target.aws());
  if (options.json) printJson(io, protections);
  sayProtections(protections, io);
  if (Object.values(protections).every((state) => state === 'unchanged')) say(io, 'Nothing to change.');
}
