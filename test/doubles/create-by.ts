import type { Ledger } from '../../lib/sync/ledger/ports.ts';

/** `create` by the two calls that it stands for, so that whatever wraps those meets it too. */
export function createBy({ read, write }: Pick<Ledger, 'read' | 'write'>): Ledger['create'] {
  const create: Ledger['create'] = async (key, item) =>
    (await write(key, item, 0)) ? undefined : ((await read(key)) ?? create(key, item));
  return create;
}
