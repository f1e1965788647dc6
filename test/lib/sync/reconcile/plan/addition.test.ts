import { describe } from '@jest/globals';
import { row } from '../../../../support/sync/items.ts';
import {
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
  WWW,
} from './cases.ts';

describe('before anything is seen', () => {
  table([
    ['a first pass posts unread', { blind: true }, nothing, { do: 'add', www: false }],
    [
      'a first pass posts with the www it wants',
      { blind: true, www: true },
      nothing,
      { do: 'add', www: true },
    ],
    ['a www name never gets a www', { blind: true, domain: WWW, www: true }, nothing, list],
    ['every other pass reads all', {}, nothing, list],
    ['a known id is read by itself', { knownId: 5 }, nothing, { do: 'find', id: 5 }],
    ['a known id is read rather than posted', { knownId: 5, blind: true }, nothing, { do: 'find', id: 5 }],
    ['while a write may land only a listing counts', { knownId: 5, ambiguous: true }, nothing, list],
    ['a name that may lie under a wildcard is looked up first', { blind: true, native: true }, nothing, list],
    ['a www name that its apex may serve is looked up first', { blind: true, domain: WWW }, nothing, list],
    ['a removal reads first', { wanted: 'absent', blind: true }, nothing, list],
    ['a removal of a known id reads that', { wanted: 'absent', knownId: 5 }, nothing, { do: 'find', id: 5 }],
  ]);
});

describe('wanted present', () => {
  table([
    ['and there as an alias: done', {}, listed(row()), present(row())],
    ['and there by its id: done, with no listing', {}, byId(row()), present(row())],
    ['and there as the primary: done, whatever its www', { www: true }, listed(primary), present(primary)],
    ['and there, on an incomplete listing: done', {}, partly(row()), present(row())],
    ['its type and www unknown: done', { www: true }, listed(typeless), present(typeless)],
    ['a redirect: updated', {}, listed(redirect), { do: 'update', id: 5, www: false }],
    ['without the www it wants: updated', { www: true }, listed(row()), { do: 'update', id: 5, www: true }],
    ['with an unwanted www: updated', {}, listed(row({ www: true })), { do: 'update', id: 5, www: false }],
    ['read by its id and to be updated: every row must be read', { www: true }, byId(row()), list],
    ['an unknown id: found by name', {}, byId(), list],
    ['an id that is another name now: found by name', {}, byId(row({ name: 'x.example' })), list],
    ['and missing: added', {}, listed(other), { do: 'add', www: false }],
    ['and missing with www: added with it', { www: true }, listed(other), { do: 'add', www: true }],
    ['and missing from an incomplete listing: not added', {}, partly(other), refused('runcloud-unavailable')],
    [
      'there twice: the one that serves counts',
      {},
      listed(redirect, row({ id: 6 })),
      present(row({ id: 6 })),
    ],
    ['there twice: the primary counts most', {}, listed(row({ id: 6 }), primary), present(primary)],
  ]);
});
