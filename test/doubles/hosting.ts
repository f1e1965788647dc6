import { RuncloudRefused } from '../../lib/runcloud/errors.ts';
import type { HostedDomain, Hosting } from '../../lib/sync/ledger/runcloud-ports.ts';

/** One call of the port, as it was made. */
export type HostingCall =
  | { readonly op: 'find'; readonly id: number }
  | { readonly op: 'page'; readonly number: number }
  | { readonly op: 'add'; readonly name: string; readonly www: boolean }
  | { readonly op: 'remove'; readonly id: number }
  | { readonly op: 'update'; readonly id: number; readonly www: boolean };

export interface MemoryHostingOptions {
  readonly domains?: readonly (Pick<HostedDomain, 'name'> & Partial<HostedDomain>)[];
  /** Before anything is done: to count, to wait, or to fail by throwing. */
  readonly onCall?: (call: HostingCall) => Promise<void>;
  /** Whether a name may have more than one row. */
  readonly acceptsDuplicates?: boolean;
  /** After it is done: throwing here loses the answer of something that has happened. */
  readonly onDone?: (call: HostingCall) => Promise<void>;
}

export interface MemoryHosting extends Hosting {
  /** What is hosted, by id; a test may change it like an operator in RunCloud's panel. */
  readonly rows: Map<number, HostedDomain>;
}

/** As many as RunCloud gives at once. */
const PAGE_ROWS = 40;

function refuse(text: string, method: string): never {
  throw new RuncloudRefused('RunCloud refused', { method, path: '/domains', status: 422, said: text });
}

function servedBy({ name, www }: Pick<HostedDomain, 'name' | 'www'>): string[] {
  return www ? [name, `www.${name}`] : [name];
}

/** The domains of one web application without RunCloud. A name is taken as soon as anything serves it. */
export function memoryHosting({
  domains = [],
  onCall,
  onDone,
  acceptsDuplicates = false,
}: MemoryHostingOptions = {}): MemoryHosting {
  const rows = new Map<number, HostedDomain>();
  let lastId = 0;

  const store = (domain: Pick<HostedDomain, 'name'> & Partial<HostedDomain>): HostedDomain => {
    const id = domain.id ?? lastId + 1;
    const row: HostedDomain = {
      type: 'alias',
      www: false,
      redirection: 'none',
      wildcard: false,
      ...domain,
      id,
    };
    lastId = Math.max(lastId, id);
    rows.set(id, row);
    return row;
  };
  for (const domain of domains) store(domain);

  const taken = (names: readonly string[], exceptId?: number): boolean =>
    !acceptsDuplicates &&
    [...rows.values()].some(
      (row) => row.id !== exceptId && servedBy(row).some((name) => names.includes(name)),
    );

  const calling = async <T>(call: HostingCall, act: () => T): Promise<T> => {
    await onCall?.(call);
    const result = act();
    await onDone?.(call);
    return result;
  };

  return {
    rows,

    find: (id) => calling({ op: 'find', id }, () => rows.get(id)),

    page: (number) =>
      calling({ op: 'page', number }, () => {
        const all = [...rows.values()];
        const end = number * PAGE_ROWS;
        const domains = all.slice(end - PAGE_ROWS, end);
        const lastPage = Math.max(1, Math.ceil(all.length / PAGE_ROWS));
        return { domains, unreadable: 0, total: all.length, lastPage, more: number < lastPage };
      }),

    add: ({ name, www }) =>
      calling({ op: 'add', name, www }, () =>
        taken(servedBy({ name, www }))
          ? refuse('The name has already been taken.', 'POST')
          : store({ name, www }),
      ),

    remove: (id) =>
      calling({ op: 'remove', id }, () => {
        if (rows.get(id)?.type === 'primary') refuse('The primary domain cannot be deleted.', 'DELETE');
        return rows.delete(id) ? 'removed' : 'gone';
      }),

    updateDomain: (id, { www }) =>
      calling({ op: 'update', id, www }, () => {
        const row = rows.get(id);
        if (row === undefined) return 'unsupported';
        if (row.type === 'primary') refuse('The primary domain cannot be changed.', 'PATCH');
        if (taken(servedBy({ name: row.name, www }), id)) refuse('The name has already been taken.', 'PATCH');
        rows.set(id, { ...row, type: 'alias', www, redirection: 'none' });
        return 'updated';
      }),
  };
}
