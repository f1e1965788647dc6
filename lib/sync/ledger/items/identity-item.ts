/** Which table this ledger lives in. A restore copies the item into a table with another id. */
export interface IdentityItem {
  /** DynamoDB's own id of the table (`TableId`): every table gets a new one, also under an old name. */
  readonly tableId: string;
}

/** What DynamoDB says of the table that holds the ledger. */
export interface TableFacts {
  readonly id: string;
  /** It was made from a backup. */
  readonly restored: boolean;
}

/** Throws `Unavailable('ledger')`. */
export type DescribeTable = () => Promise<TableFacts>;
