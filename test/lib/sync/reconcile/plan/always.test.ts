import { describe, expect, test } from '@jest/globals';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { isProtected } from '../../../../../lib/sync/network/listing/protected-names.ts';
import { type Action, type Goal, type Observed, plan } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { fc } from '../../../../support/property.ts';
import { names, nothing, rows, WWW } from './cases.ts';

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
