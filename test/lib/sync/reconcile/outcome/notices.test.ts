import { describe, expect, test } from '@jest/globals';
import { limitNotice } from '../../../../../lib/sync/reconcile/outcome/limit-notice.ts';
import { refusedRemoval } from '../../../../../lib/sync/reconcile/outcome/refused-removal.ts';
import { DOMAIN } from '../../../../support/sync/items.ts';

describe('a domain that a limit holds is noticed', () => {
  test.each([
    ['removals-limited', 'REMOVALS_PER_HOUR'],
    ['additions-limited', 'ADDITIONS_PER_HOUR'],
  ] as const)('under %s, which names the setting %s and how the waiting ones are listed', (reason, key) => {
    expect(limitNotice(reason)).toMatchObject({
      code: reason,
      message: expect.stringContaining(key),
      command: 'list --state open',
    });
  });

  test('only where the limit is one of the network', () => {
    for (const reason of ['grace-period', null] as const) expect(limitNotice(reason)).toBeUndefined();
  });
});

test.each([
  ['protected-domain', 'PROTECTED_DOMAINS'],
  ['primary-domain', 'primary'],
] as const)('a removal that is never followed is noticed: %s', (reason, cure) => {
  expect(refusedRemoval(DOMAIN, { reason, refusal: 'It is the network’s own' })).toEqual({
    code: 'removal-refused',
    domain: DOMAIN,
    message: `The multisite removed ${DOMAIN}, and it stays: It is the network’s own`,
    fix: expect.stringContaining(cure),
    command: `status ${DOMAIN}`,
  });
});
