import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { UnreadableItem } from '../errors.ts';
import {
  certificateKey,
  type DomainKind,
  domainKey,
  type Key,
  nameOf,
  type StoredItems,
} from '../sync/ledger/keys.ts';
import type { DueWork, ItemPage, Ledger, Unreadable } from '../sync/ledger/ports.ts';
import { callAws } from './call-aws.ts';
import { dueRows, networkNames } from './due-rows.ts';
import { type Attributes, fromAttributes } from './item-attributes.ts';
import type { LedgerTable } from './table.ts';

const pageKeys: {
  readonly [K in 'domain' | 'certificate']: (network: string, domain: string) => Key<K>;
} = { domain: domainKey, certificate: certificateKey };

function nameIn({ item }: Attributes, kind: DomainKind) {
  return nameOf(kind, item?.S ?? '');
}

async function firstOf(rows: AsyncIterable<DueWork>, limit: number, meant: (work: DueWork) => boolean) {
  const found: DueWork[] = [];
  for await (const row of rows) {
    if (meant(row)) found.push(row);
    if (found.length >= limit) break;
  }
  return found;
}

/** The ledger's queries for more than one item. */
export function ledgerQueries({
  client,
  table,
}: LedgerTable): Pick<Ledger, 'due' | 'dueCertificates' | 'dueOldCertificates' | 'networks' | 'page'> {
  return {
    due: (kind, until, limit) =>
      firstOf(dueRows({ client, table }, { kind, until, limit }), limit, () => true),

    dueCertificates: (network, { until, meant, limit }) => {
      // Rows that are not meant do not count towards the limit.
      const ofNetwork = { certificatesOf: network, until, limit: meant === undefined ? limit : undefined };
      return firstOf(dueRows({ client, table }, ofNetwork), limit, meant ?? (() => true));
    },

    dueOldCertificates: (until, limit) =>
      firstOf(dueRows({ client, table }, { kind: 'certificate', until, limit }), limit, () => true),

    networks: () => networkNames({ client, table }),

    async page<K extends 'domain' | 'certificate'>(
      kind: K,
      network: string,
      cursor: string | undefined,
      limit: number,
    ): Promise<ItemPage<K>> {
      const command = new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: '#network = :network AND begins_with(#item, :kind)',
        ExpressionAttributeNames: { '#network': 'network', '#item': 'item' },
        ExpressionAttributeValues: marshall({ ':network': network, ':kind': `${kind}#` }),
        // One extra row shows whether there is a next page, so the last page is never empty.
        Limit: limit + 1,
        ...(cursor === undefined
          ? {}
          : { ExclusiveStartKey: marshall({ network, item: `${kind}#${cursor}` }) }),
      });
      const answer = await callAws('ledger', (bounds) => client.send(command, bounds));
      const rows = (answer.Items ?? []).slice(0, limit);
      const items: StoredItems[K][] = [];
      const unreadable: Unreadable[] = [];
      for (const row of rows) {
        const domain = nameIn(row, kind);
        try {
          items.push(fromAttributes(pageKeys[kind](network, domain), row).item);
        } catch (error) {
          if (!(error instanceof UnreadableItem)) throw error;
          unreadable.push({ domain, error });
        }
      }
      const more = (answer.Items ?? []).length > limit || answer.LastEvaluatedKey !== undefined;
      const last = rows.at(-1);
      return { items, unreadable, cursor: more && last !== undefined ? nameIn(last, kind) : undefined };
    },
  };
}
