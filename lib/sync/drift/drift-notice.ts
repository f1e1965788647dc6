import type { Drift } from '../ledger/items/network-item.ts';
import type { NewNotice } from '../notices/record.ts';

/** The notice of a comparison that found differences. Undefined: it found none. */
export function driftNotice({ missing, unwanted, unknown, dryRun }: Drift): NewNotice | undefined {
  const found = [
    {
      count: missing.count,
      what: dryRun ? 'missing, and left so by DRIFT_DRY_RUN' : 'missing, and added again',
    },
    { count: unwanted.count, what: 'removed by the multisite but still served' },
    { count: unknown.count, what: 'served but never announced' },
  ].filter(({ count }) => count > 0);
  if (found.length === 0) return undefined;
  const differences = found.map(({ count, what }) => `${count} ${what}`).join('; ');
  return {
    code: 'drift-found',
    message: `The web application differed from what the multisite said: ${differences}`,
    fix: 'Look for who changes domains in the panel of RunCloud; what the relay does not repair is named with a fix',
    command: 'doctor',
  };
}
