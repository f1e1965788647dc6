import { json } from 'node:stream/consumers';
import { z } from 'zod';
import { startLocalEndpoint } from '../http/local-endpoint.ts';

export interface TableSettings {
  /** The attribute; null: items do not expire. */
  timeToLive: string | null;
  pointInTimeRecovery: boolean;
  deletionProtection: boolean;
}

const namedSchema = z.object({ TableName: z.string() });
const changes = {
  UpdateTimeToLive: z.object({
    TimeToLiveSpecification: z.object({ AttributeName: z.string(), Enabled: z.literal(true) }),
  }),
  UpdateContinuousBackups: z.object({
    PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.literal(true) }),
  }),
  UpdateTable: z.object({ DeletionProtectionEnabled: z.literal(true) }),
};

/** DynamoDB's protocol, as much of it as reads and changes the settings of one table. It is refused another table. */
export async function startTableSettings(table: string, settings: TableSettings) {
  const asked: string[] = [];
  const descriptions = () => ({
    backups: {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus: 'ENABLED',
        PointInTimeRecoveryDescription: {
          PointInTimeRecoveryStatus: settings.pointInTimeRecovery ? 'ENABLED' : 'DISABLED',
        },
      },
    },
    table: { TableName: table, DeletionProtectionEnabled: settings.deletionProtection },
    timeToLive: {
      TimeToLiveDescription:
        settings.timeToLive === null
          ? { TimeToLiveStatus: 'DISABLED' }
          : { TimeToLiveStatus: 'ENABLED', AttributeName: settings.timeToLive },
    },
  });
  const operations: Readonly<Record<string, (input: unknown) => object>> = {
    DescribeTimeToLive: () => descriptions().timeToLive,
    DescribeContinuousBackups: () => descriptions().backups,
    DescribeTable: () => ({ Table: descriptions().table }),
    UpdateTimeToLive: (input) => {
      const { TimeToLiveSpecification } = changes.UpdateTimeToLive.parse(input);
      settings.timeToLive = TimeToLiveSpecification.AttributeName;
      return { TimeToLiveSpecification };
    },
    UpdateContinuousBackups: (input) => {
      changes.UpdateContinuousBackups.parse(input);
      settings.pointInTimeRecovery = true;
      return descriptions().backups;
    },
    UpdateTable: (input) => {
      changes.UpdateTable.parse(input);
      settings.deletionProtection = true;
      return { TableDescription: descriptions().table };
    },
  };
  const { endpoint, stop } = await startLocalEndpoint(async (request, response) => {
    const operation = String(request.headers['x-amz-target']).replace('DynamoDB_20120810.', '');
    const input = await json(request);
    asked.push(operation);
    const isKnown = namedSchema.safeParse(input).data?.TableName === table;
    const answer = isKnown ? operations[operation]?.(input) : undefined;
    response.setHeader('content-type', 'application/x-amz-json-1.0');
    if (answer !== undefined) response.end(JSON.stringify(answer));
    else {
      const __type = `com.amazonaws.dynamodb.v20120810#${isKnown ? 'UnknownOperation' : 'ResourceNotFound'}Exception`;
      response.writeHead(400).end(JSON.stringify({ __type, message: 'Not here' }));
    }
  });
  return { endpoint, stop, asked };
}
