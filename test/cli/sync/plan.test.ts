import { describe, expect, test } from '@jest/globals';
import { planSync } from '../../../cli/actions/sync/plan.ts';

const listed = ['new', 'known', 'removed', 'unreadable'].map((name, index) => ({
  domain: `${name}.example.com`,
  line: index + 1,
}));

const known = new Map([
  ['known.example.com', 'present'],
  ['removed.example.com', 'absent'],
  ['unreadable.example.com', undefined],
  ['other.example.com', 'present'],
  ['gone.example.com', 'absent'],
]);

describe('the plan of a sync', () => {
  test('adds what is not wanted yet, and names what the list does not', () => {
    expect(planSync(listed, known)).toEqual({
      add: [
        { domain: 'new.example.com', line: 1 },
        { domain: 'removed.example.com', line: 3 },
      ],
      removedBefore: ['removed.example.com'],
      unchanged: 1,
      missing: ['other.example.com'],
      unreadable: ['unreadable.example.com'],
    });
  });

  test('is empty once everything was sent', () => {
    const all = new Map(listed.map(({ domain }) => [domain, 'present']));
    expect(planSync(listed, all)).toMatchObject({ add: [], missing: [], unchanged: 4 });
  });
});
