import { describe, expect, test } from '@jest/globals';
import { driftRemarks } from '../../../lib/connection/drift-remarks.ts';
import type { Drift } from '../../../lib/sync/ledger/items/network-item.ts';

const none = { count: 0, names: [] };
function found(part: Partial<Drift>): Drift {
  return {
    at: '2026-11-21T05:00:00.000Z',
    missing: none,
    unwanted: none,
    unknown: none,
    dryRun: false,
    ...part,
  };
}
const some = {
  count: 7,
  names: ['a.example', 'b.example', 'c.example', 'd.example', 'e.example', 'f.example'],
};

describe('what the daily comparison found', () => {
  test('is left out when there is none, or it was never read', () => {
    expect(driftRemarks(null)).toEqual([]);
    expect(driftRemarks(found({}))).toEqual([]);
  });

  test('is reported by the first few names, how many more there are, and when it was seen', () => {
    const [remark] = driftRemarks(found({ unknown: some }));
    expect(remark).toEqual({
      state: 'warning',
      detail:
        '7 domains are in the web application, and never announced by the multisite (seen 2026-11-21T05:00:00.000Z): a.example, b.example, c.example, d.example, e.example and 2 more',
      fix: expect.stringContaining('PROTECTED_DOMAINS'),
    });
  });

  test('and is repaired is not reported: it is in work', () =>
    expect(driftRemarks(found({ missing: some }))).toEqual([]));

  test('and was not repaired in a dry run is reported', () => {
    const remarks = driftRemarks(found({ missing: some, dryRun: true }));
    expect(remarks).toMatchObject([{ detail: expect.stringMatching(/^7 domains are wanted but missing/) }]);
    expect(remarks[0]?.fix).toContain('DRIFT_DRY_RUN');
  });
});
