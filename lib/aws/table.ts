import type { CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface LedgerTable {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** The sparse index of work that needs a message: it holds only items with a `sendAt`, and every network. */
export const dueIndex = 'due';
/** The same for certificates, by network, so that a pass over those of one network pays for no other's. */
export const dueCertificatesIndex = 'due-certificates';

/** The ledger's table as serverless.yml deploys it, for tests and the local stack. */
export function ledgerTable(name: string): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'network', AttributeType: 'S' },
      { AttributeName: 'item', AttributeType: 'S' },
      { AttributeName: 'work', AttributeType: 'S' },
      { AttributeName: 'certificatesOf', AttributeType: 'S' },
      { AttributeName: 'sendAt', AttributeType: 'N' },
    ],
    KeySchema: [
      { AttributeName: 'network', KeyType: 'HASH' },
      { AttributeName: 'item', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: dueIndex,
        KeySchema: [
          { AttributeName: 'work', KeyType: 'HASH' },
          { AttributeName: 'sendAt', KeyType: 'RANGE' },
        ],
        // With dueAt the sweep knows how long to delay a message without reading the item.
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['dueAt'] },
      },
      {
        IndexName: dueCertificatesIndex,
        KeySchema: [
          { AttributeName: 'certificatesOf', KeyType: 'HASH' },
          { AttributeName: 'sendAt', KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['dueAt'] },
      },
    ],
  };
}
