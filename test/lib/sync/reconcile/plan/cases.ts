import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { HostedDomain } from '../../../../../lib/sync/ledger/runcloud-ports.ts';
import { type Goal, type Observed, plan } from '../../../../../lib/sync/reconcile/plan/plan.ts';
import { goal } from '../../../../support/sync/goal.ts';
import { DOMAIN, row } from '../../../../support/sync/items.ts';

export const APEX = 'acme-bikes.com';

export const WWW = `www.${APEX}`;

export const nothing: Observed = { via: 'nothing' };

export function byId(...rows: HostedDomain[]): Observed {
  return { via: 'id', rows };
}

export function listed(...rows: HostedDomain[]): Observed {
  return { via: 'list', rows, complete: true, confirmed: true };
}

export function partly(...rows: HostedDomain[]): Observed {
  return { via: 'list', rows, complete: false, confirmed: false };
}

export const primary = row({ type: 'primary' });

export const redirect = row({ type: 'redirect' });

export const typeless = row({ type: undefined, www: undefined });

export const other = row({ id: 9, name: 'other.example' });

export function present(shown: HostedDomain | null, reason: string | null = null) {
  return {
    do: 'end',
    target: { state: 'present', reason, row: shown },
  };
}

export const absent = { do: 'end', target: { state: 'absent' } };

export function refused(code: string) {
  return { do: 'refuse', error: { code } };
}

export const list = { do: 'list' };

type Case = [title: string, goal: Partial<Goal>, seen: Observed, action: object];

export function table(cases: Case[]): void {
  test.each(cases)('%s', (_, part, seen, action) => {
    expect(plan(goal(part), seen)).toMatchObject(action);
  });
}

export const names = [DOMAIN, APEX, WWW, 'network.example', 'www.network.example', `*.${APEX}`];

export const rows = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 9 }),
    name: fc.constantFrom(...names),
    type: fc.constantFrom('primary', 'alias', 'redirect', undefined),
    www: fc.constantFrom(true, false, undefined),
    wildcard: fc.boolean(),
  }),
  { maxLength: 6 },
);
