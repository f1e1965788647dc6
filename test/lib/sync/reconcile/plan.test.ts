import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HostedDomain } from '../../../../lib/sync/ledger/runcloud-ports.ts';
import { isProtected } from '../../../../lib/sync/network/listing/protected-names.ts';
import { type Action, type Goal, type Observed, plan } from '../../../../lib/sync/reconcile/plan.ts';
import { DOMAIN, row } from '../../../support/sync/items.ts';

const APEX = 'acme-bikes.com';
const WWW = `www.${APEX}`;

function goal(part: Partial<Goal> = {}): Goal {
  return {
    domain: DOMAIN,
    wanted: 'present',
    announced: true,
    www: false,
    native: false,
    knownId: null,
    parkable: null,
    blind: false,
    ambiguous: false,
    protectedDomains: ['network.example'],
    secondRowPossible: false,
    ...part,
  };
}

const nothing: Observed = { via: 'nothing' };
function byId(...rows: HostedDomain[]): Observed {
  return { via: 'id', rows };
}
function listed(...rows: HostedDomain[]): Observed {
  return { via: 'list', rows, complete: true, confirmed: true };
}
function partly(...rows: HostedDomain[]): Observed {
  return { via: 'list', rows, complete: false, confirmed: false };
}

const primary = row({ type: 'primary' });
const redirect = row({ type: 'redirect' });
const typeless = row({ type: undefined, www: undefined });
const other = row({ id: 9, name: 'other.example' });

function present(shown: HostedDomain | null, reason: string | null = null) {
  return {
    do: 'end',
    target: { state: 'present', reason, row: shown },
  };
}
const absent = { do: 'end', target: { state: 'absent' } };
function refused(code: string) {
  return { do: 'refuse', error: { code } };
}
const list = { do: 'list' };

type Case = [title: string, goal: Partial<Goal>, seen: Observed, action: object];

function table(cases: Case[]): void {
  test.each(cases)('%s', (_, part, seen, action) => {
    expect(plan(goal(part), seen)).toMatchObject(action);
  });
}

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

describe('www', () => {
  const apex = row({ name: APEX });
  const served = row({ name: APEX, www: true });
  const own = row({ id: 6, name: WWW });
  table([
    [
      'is not sent while a row of its own holds it',
      { domain: APEX, www: true },
      listed(own),
      { do: 'add', www: false },
    ],
    [
      'is not added while a row of its own holds it',
      { domain: APEX, www: true },
      listed(apex, own),
      present(apex),
    ],
    [
      'is removed when a row of its own holds it',
      { domain: APEX, www: true },
      listed(served, own),
      { do: 'update', www: false },
    ],
    [
      'wanted by itself is served by its apex',
      { domain: WWW },
      listed(served),
      present(null, 'served-by-apex'),
    ],
    [
      'wanted by itself is added where the apex does not serve it',
      { domain: WWW },
      listed(apex),
      { do: 'add', www: false },
    ],
    [
      'wanted by itself is not served by another name that has a www.',
      { domain: WWW },
      listed(row({ name: 'other.example', www: true })),
      { do: 'add', www: false },
    ],
    [
      'wanted by itself is added where the apex may or may not',
      { domain: WWW },
      listed(row({ name: APEX, www: undefined })),
      { do: 'add' },
    ],
    [
      'wanted by itself is not served by an apex that sends its visitors elsewhere',
      { domain: WWW },
      listed({ ...served, type: 'redirect' }),
      { do: 'add' },
    ],
    ['with a row of its own is present by that', { domain: WWW }, listed(served, own), present(own)],
    ['of a www name is never added', { domain: WWW, www: true }, listed(own), present(own)],
    ['served by its apex is not removed there', { domain: WWW, wanted: 'absent' }, listed(served), absent],
    [
      'with a row of its own is removed by that',
      { domain: WWW, wanted: 'absent' },
      listed(served, own),
      { do: 'remove', row: { id: 6 } },
    ],
  ]);
});

describe('a wildcard of the web application', () => {
  const star = row({ id: 7, name: `*.${APEX}` });
  const flagged = row({ id: 7, name: APEX, wildcard: true });
  table([
    ['covers a native subdomain', { native: true }, listed(star), present(null, 'covered-by-wildcard')],
    [
      'covers it as a flag of the parent too',
      { native: true },
      listed(flagged),
      present(null, 'covered-by-wildcard'),
    ],
    [
      'covers it on an incomplete listing too',
      { native: true },
      partly(star),
      present(null, 'covered-by-wildcard'),
    ],
    [
      'covers nothing once it sends its visitors elsewhere',
      { native: true },
      listed({ ...star, type: 'redirect' }),
      { do: 'add' },
    ],
    [
      'covers nothing as a flag of a parent that sends its visitors elsewhere',
      { native: true },
      listed({ ...flagged, type: 'redirect' }),
      { do: 'add' },
    ],
    ['covers no mapped domain', {}, listed(star), { do: 'add' }],
    ['covers no deeper name', { native: true, domain: `a.b.${APEX}` }, listed(star), { do: 'add' }],
    [
      'as a flag covers nothing under another name',
      { native: true },
      listed(row({ id: 7, name: 'other.example', wildcard: true })),
      { do: 'add' },
    ],
    [
      'is not what a parent without the flag is',
      { native: true },
      listed(row({ id: 7, name: APEX })),
      { do: 'add' },
    ],
    ['does not stand in for a row of its own', { native: true }, listed(row(), star), present(row())],
    ['is not removed for a name under it', { native: true, wanted: 'absent' }, listed(star), absent],
  ]);
});

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

describe('a row that serves a protected name', () => {
  const guarded = { protectedDomains: [WWW] };
  const served = row({ name: APEX, www: true });
  const off = row({ name: APEX });
  const flagged = row({ name: APEX, wildcard: true });
  table([
    [
      'is not removed with its apex',
      { ...guarded, domain: APEX, wanted: 'absent' },
      listed(served),
      refused('protected-domain'),
    ],
    [
      'keeps its www. though the apex did not want it',
      { ...guarded, domain: APEX, www: false },
      listed(served),
      present(served),
    ],
    [
      'keeps its www. when the apex is protected, and only implies it',
      { protectedDomains: [APEX], domain: APEX, www: false },
      listed(served),
      present(served),
    ],
    [
      'keeps its www. next to a row of its own for that',
      { ...guarded, domain: APEX, www: true },
      listed(served, row({ id: 6, name: WWW })),
      present(served),
    ],
    [
      'keeps its www. while it is made an alias again',
      { ...guarded, domain: APEX, www: false },
      listed({ ...served, type: 'redirect' }),
      { do: 'update', id: 5, www: true },
    ],
    [
      'is not what a row without that www. is: nothing is turned on for it',
      { ...guarded, domain: APEX, www: false },
      listed(off),
      present(off),
    ],
    [
      'by its wildcard is not removed',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      listed(flagged),
      refused('protected-domain'),
    ],
    [
      'by its wildcard is not removed, read by its id',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      byId(flagged),
      refused('protected-domain'),
    ],
    [
      'is not what a row without that wildcard is: it is removed',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      listed(off),
      { do: 'remove', row: { id: 5 } },
    ],
    [
      'in its second row is not removed',
      { domain: APEX, wanted: 'absent', protectedDomains: [`main.${APEX}`] },
      listed(row({ id: 6, name: APEX, type: 'primary' }), flagged),
      refused('protected-domain'),
    ],
  ]);
});

const names = [DOMAIN, APEX, WWW, 'network.example', 'www.network.example', `*.${APEX}`];
const rows = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 9 }),
    name: fc.constantFrom(...names),
    type: fc.constantFrom('primary', 'alias', 'redirect', undefined),
    www: fc.constantFrom(true, false, undefined),
    wildcard: fc.boolean(),
  }),
  { maxLength: 6 },
);
const sights: fc.Arbitrary<Observed> = fc.oneof(
  fc.constant(nothing),
  rows.map((all): Observed => ({ via: 'id', rows: all.slice(0, 1) })),
  fc
    .record({ rows, complete: fc.boolean(), confirmed: fc.boolean() })
    .map((seen): Observed => ({ via: 'list', ...seen })),
);
const goals: fc.Arbitrary<Goal> = fc.record({
  domain: fc.constantFrom(...names.slice(0, 5)),
  wanted: fc.constantFrom('present', 'absent', 'parked'),
  announced: fc.boolean(),
  www: fc.boolean(),
  native: fc.boolean(),
  knownId: fc.option(fc.integer({ min: 1, max: 9 })),
  parkable: fc.record({
    ownId: fc.option(fc.integer({ min: 1, max: 9 })),
    reason: fc.constantFrom('dns-mismatch', 'name-unsupported'),
  }),
  blind: fc.boolean(),
  ambiguous: fc.boolean(),
  protectedDomains: fc.constantFrom([], ['network.example'], ['www.network.example'], [WWW]),
  secondRowPossible: fc.boolean(),
});

function always(holds: (goal: Goal, seen: Observed, action: Action) => void): void {
  fc.assert(
    fc.property(goals, sights, (request, seen) => holds(request, seen, plan(request, seen))),
    { numRuns: 2_000 },
  );
}

function rowsOf(seen: Observed): readonly HostedDomain[] {
  return seen.via === 'nothing' ? [] : seen.rows;
}

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

describe('whatever is wanted and seen', () => {
  test('only a row that was seen under the very name, and not as primary, is removed', () => {
    always((request, seen, action) => {
      if (action.do !== 'remove') return;
      expect(request.wanted).not.toBe('present');
      if (request.wanted === 'absent') expect(request.announced).toBe(true);
      const meant = rowsOf(seen).filter(
        ({ id, name, type }) => id === action.row.id && name === request.domain && type !== 'primary',
      );
      expect(meant).not.toEqual([]);
    });
  });

  test('only an alias that the relay made, and that serves nothing else, is removed to park its name', () => {
    always((request, _seen, action) => {
      if (action.do !== 'remove' || request.wanted !== 'parked') return;
      expect(action.row).toMatchObject({ id: request.parkable?.ownId, type: 'alias', wildcard: false });
      if (request.parkable?.reason !== 'name-unsupported') expect(action.row.www).not.toBe(true);
    });
  });

  test('parked is said only of a complete listing in which nothing serves the name', () => {
    always((request, seen, action) => {
      if (action.do !== 'end' || action.target.state !== 'parked') return;
      expect(request.wanted).toBe('parked');
      expect(seen).toMatchObject({ via: 'list', complete: true, confirmed: true });
      expect(rowsOf(seen).map(({ name }) => name)).not.toContain(request.domain);
    });
  });

  test('no row that serves a protected name is removed, or loses its www.', () => {
    always((request, seen, action) => {
      if (action.do !== 'remove' && action.do !== 'update') return;
      const touched = rowsOf(seen).filter(
        ({ id }) => id === (action.do === 'remove' ? action.row.id : action.id),
      );
      const isOwn = (name: string) => isProtected(name, request.protectedDomains);
      for (const { name, www } of touched.filter(({ name }) => name === request.domain)) {
        if (action.do === 'remove') expect([name, ...(www ? [`www.${name}`] : [])].some(isOwn)).toBe(false);
        else if (www === true && isOwn(`www.${name}`)) expect(action.www).toBe(true);
      }
    });
  });

  test('nothing is added that may be there: unread only on a first pass, otherwise only on a complete listing', () => {
    always((request, seen, action) => {
      if (action.do !== 'add') return;
      expect(request.wanted).toBe('present');
      if (seen.via === 'nothing')
        expect(request).toMatchObject({ blind: true, ambiguous: false, knownId: null });
      else expect(seen).toMatchObject({ via: 'list', complete: true });
      expect(rowsOf(seen).map(({ name }) => name)).not.toContain(request.domain);
    });
  });

  test('absent is said only of a complete listing without the name', () => {
    always((request, seen, action) => {
      if (action.do !== 'end' || action.target.state !== 'absent') return;
      expect(seen).toMatchObject({ via: 'list', complete: true, confirmed: true });
      expect(rowsOf(seen).map(({ name }) => name)).not.toContain(request.domain);
    });
  });

  test('only a row of the name that is not the primary is updated', () => {
    always((request, seen, action) => {
      if (action.do !== 'update') return;
      const meant = rowsOf(seen).find(
        ({ id, name, type }) => id === action.id && name === request.domain && type !== 'primary',
      );
      expect(meant).toBeDefined();
    });
  });

  test('once all is listed nothing more is read', () => {
    always((_, seen, action) => {
      if (seen.via === 'list') expect(['list', 'find']).not.toContain(action.do);
    });
  });
});
