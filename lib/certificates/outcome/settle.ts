import type { CertificateItem } from '../../sync/ledger/certificate-item.ts';
import { released } from '../../sync/ledger/lease.ts';
import type { ItemUpdate } from '../../sync/ledger/update.ts';
import { nextState } from './next-state.ts';
import type { Patch, ResultContext } from './state.ts';

export interface SettleInput extends ResultContext {
  readonly owner: string;
  /** The revision the look began with. */
  readonly revision: number;
  /** Set if it was asked where `www.` points. */
  readonly wwwAskedAt: number | null;
}

/** `again`: made due meanwhile, so somebody looks once more. `lost`: another worker's by now, nothing was written. */
export type Settled =
  | { readonly kind: 'done'; readonly item: CertificateItem }
  | { readonly kind: 'again' }
  | { readonly kind: 'lost' };

/**
 * The rule of a look's end: facts are stored by whoever still holds the lease; state, counts and schedule only if
 * nothing made the request due since the look began.
 */
export function settle(
  item: CertificateItem | undefined,
  input: SettleInput,
): ItemUpdate<CertificateItem, Settled> {
  if (item === undefined || item.owner !== input.owner) return { result: { kind: 'lost' } };
  const { result, now, wwwAskedAt } = input;
  const facts: Patch = {
    ...released,
    attempt: null,
    wwwAskedAt: wwwAskedAt ?? item.wwwAskedAt,
  };
  // Which order is waited for stays as it is on record: after a move to another application it is none.
  if (item.revision !== input.revision) {
    return { write: { ...item, ...facts, sendAt: now }, result: { kind: 'again' } };
  }
  const orderedAt = result.kind === 'requested' ? result.orderedAt : item.orderedAt;
  const ended: CertificateItem = {
    ...item,
    ...facts,
    orderedAt,
    ...nextState({ ...item, crashes: 0 }, input),
  };
  // A dead letter that could not be sent before does not wait for a look that may be a day away.
  const write = ended.toSend.length > 0 ? { ...ended, sendAt: now } : ended;
  return { write, result: { kind: 'done', item: write } };
}
