/** One order as the certificate authority counts it against the names of one registered domain. */
export interface CountedOrder {
  readonly at: number;
  /** Identifies the set of all its names, those under other registered domains among them. */
  readonly set: string;
  /** Fingerprints of its names under this registered domain: 100 names of any length fit into the item forty times. */
  readonly names: readonly string[];
  /** Refused, or made without a certificate that is seen to be served. */
  readonly failed: boolean;
}

/** Orders of the last week with names under one registered domain, for one domain or for the whole application. */
export interface DomainOrdersItem {
  readonly orders: readonly CountedOrder[];
  /** Seconds since the epoch, for DynamoDB's TTL. */
  readonly expiresAt: number;
}

/** When the network made its orders of the last hours: the authority counts them by the account that RunCloud uses. */
export interface AppOrdersItem {
  readonly times: readonly number[];
  readonly expiresAt: number;
}
