import { describe } from '@jest/globals';
import type { Goal } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { DOMAIN, row } from '../../../../support/sync/items.ts';
import {
  absent,
  byId,
  list,
  listed,
  nothing,
  other,
  partly,
  present,
  primary,
  redirect,
  refused,
  table,
  typeless,
} from './cases.ts';

describe('wanted absent', () => {
  const gone = { wanted: 'absent' } as const;
  table([
    ['and there: removed', gone, listed(row()), { do: 'remove', row: { id: 5 } }],
    ['and there by its id: removed', gone, byId(row()), { do: 'remove', row: { id: 5 } }],
    [
      'and missing where pages can have moved: listed again',
      gone,
      { via: 'list', rows: [other], complete: true, confirmed: false },
      { do: 'confirm' },
    ],
    ['and there as a redirect: removed', gone, listed(redirect), { do: 'remove', row: { id: 5 } }],
    ['and there, on an incomplete listing: removed', gone, partly(row()), { do: 'remove', row: { id: 5 } }],
    ['and missing: done', gone, listed(other), absent],
    [
      'and missing from an incomplete listing: not known',
      gone,
      partly(other),
      refused('runcloud-unavailable'),
    ],
    ['an unknown id: found by name', gone, byId(), list],
    ['an id that is another name now: never removed', gone, byId(row({ name: 'x.example' })), list],
    ['and promoted to primary: refused', gone, listed(primary), refused('primary-domain')],
    ['and promoted to primary, read by its id: refused', gone, byId(primary), refused('primary-domain')],
    [
      'primary and alias: only the alias is removed',
      gone,
      listed(primary, row({ id: 6 })),
      { do: 'remove', row: { id: 6 } },
    ],
    [
      'its type unknown, with protected names known: removed',
      gone,
      listed(typeless),
      { do: 'remove', row: { id: 5 } },
    ],
    [
      'its type unknown and no name protected: refused',
      { ...gone, protectedDomains: [] },
      listed(typeless),
      refused('protected-domain'),
    ],
    [
      'its type known and no name protected: removed',
      { ...gone, protectedDomains: [] },
      listed(row()),
      { do: 'remove', row: { id: 5 } },
    ],
    [
      'and protected: refused unread',
      { ...gone, domain: 'network.example' },
      nothing,
      refused('protected-domain'),
    ],
    [
      'the www of a protected name: refused unread',
      { ...gone, domain: 'www.network.example' },
      nothing,
      refused('protected-domain'),
    ],
  ]);
});

describe('a removal of a name that was never announced', () => {
  const unknown = { wanted: 'absent', announced: false } as const;
  table([
    ['and there: refused', unknown, listed(row()), refused('not-announced')],
    ['and there by its id: refused', { ...unknown, knownId: 5 }, byId(row()), refused('not-announced')],
    ['and there as a redirect: refused', unknown, listed(redirect), refused('not-announced')],
    ['and missing: done', unknown, listed(other), absent],
    ['and primary: refused for good', unknown, listed(primary), refused('primary-domain')],
    [
      'and protected: refused for good, unread',
      { ...unknown, domain: 'network.example' },
      nothing,
      refused('protected-domain'),
    ],
  ]);
});

describe('a name to be parked', () => {
  const parked: Partial<Goal> = { wanted: 'parked', parkable: { ownId: 5, reason: 'dns-mismatch' } };
  table([
    ['is read by its id first', { ...parked, knownId: 5 }, nothing, { do: 'find', id: 5 }],
    ['is never added unread', { ...parked, blind: true }, nothing, list],
    ['loses the row that the relay made', parked, byId(row()), { do: 'remove', row: row() }],
    [
      'keeps a row that a person made',
      { ...parked, parkable: { ownId: null, reason: 'dns-mismatch' } },
      byId(row()),
      present(row()),
    ],
    ['keeps the primary row', parked, byId(primary), present(primary)],
    ['keeps a row without a type', parked, byId(typeless), present(typeless)],
    [
      'keeps a row that serves its www.',
      { ...parked, www: true },
      listed(row({ www: true })),
      present(row({ www: true })),
    ],
    ['keeps a row with a wildcard', parked, byId(row({ wildcard: true })), present(row({ wildcard: true }))],
    ['keeps a protected row', { ...parked, protectedDomains: [DOMAIN] }, byId(row()), present(row())],
    ['is parked once nothing serves it', parked, listed(other), { do: 'end', target: { state: 'parked' } }],
    [
      'is present where a wildcard covers it',
      { ...parked, native: true },
      listed(row({ name: 'acme-bikes.com', wildcard: true })),
      present(null, 'covered-by-wildcard'),
    ],
    [
      'is listed again where rows may have slipped',
      parked,
      { via: 'list', rows: [other], complete: true, confirmed: false },
      { do: 'confirm' },
    ],
    ['is not parked on an incomplete listing', parked, partly(other), refused('runcloud-unavailable')],
  ]);
});
